// Zoneout (Krueger et al. 2017): at each step a unit of a recurrent state keeps its value with
// probability z, each unit of each lane for itself. In training; without, the expectation of that,
// z * before + (1 - z) * made, takes its place.
#pragma once

#include "model/allocations.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Of one state of a layer, hidden or cell. Arrays are steps of all lanes, [panel][lane][width].
template <class Real>
class Zoneout {
 public:
  // `purpose` tells the states of a layer from one another.
  Zoneout(double probability, const StageIdentity& identity, Purpose purpose, const Panels& units,
          const PassShape& shape, Allocations& memory);

  bool on() const { return probability_ > 0; }
  // `state`, which the cell has made at step t, becomes what the step leaves; `before` is what it
  // entered with, resets applied.
  void forward(const WindowView& window, int t, LaneRange lanes, const Real* before, Real* state);
  // Divides the gradient of what step t left, read with small values as +0: between what the cell
  // had made, in `gradient`, and what the step entered with, in kept().
  void backward(int t, LaneRange lanes, Real* gradient);
  const Real* kept() const { return kept_.data(); }

 private:
  std::uint64_t& renewed(int t, int panel, int lane) {
    return renewed_[(static_cast<std::size_t>(t) * static_cast<std::size_t>(units_.count()) +
                     static_cast<std::size_t>(panel)) *
                        static_cast<std::size_t>(lanes_) +
                    static_cast<std::size_t>(lane)];
  }

  float probability_;
  bool draws_;         // masks and the kept gradient are there where it is differentiated
  Real keep_, renew_;  // z and 1 - z
  StageIdentity identity_;
  Purpose purpose_;
  Panels units_;
  int lanes_;
  Buffer<std::uint64_t> renewed_;  // [t][panel][lane], a bit a unit: takes what the cell has made
  Buffer<Real> kept_;              // one step
};

}  // namespace rondo
