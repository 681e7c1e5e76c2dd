// How a recurrent matrix stretches the hidden state: what decides whether gradients through time
// vanish or explode.
#pragma once

#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"

namespace rondo::apps {

struct Spectrum {
  std::string matrix;          // "rnn.weight_hh_l0", "rnn.weight_hr_l0 rnn.weight_hh_l0"
  std::string gate;            // "f"; as the checkpoint explains its rows
  double spectral_radius = 0;  // largest magnitude of an eigenvalue
  double largest = 0;          // singular values
  double smallest = 0;
};

// One for each gate of each recurrent matrix of a checkpoint, in order of names, by Eigen in
// double. Where the layer projects, of the projection times the gate's matrix: the way from the
// hidden state to the next one through that gate, as the matrix alone is not square. Takes time
// with the cube of the units: about a second a gate at 512.
std::vector<Spectrum> recurrent_spectra(const NamedState& checkpoint);

}  // namespace rondo::apps
