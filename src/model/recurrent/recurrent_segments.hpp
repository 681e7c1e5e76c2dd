// The parameters of a recurrent layer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

// Their places in the layout, in the order in which they are stored.
struct RecurrentSegments {
  std::size_t input_weights, recurrent_weights, bias;
  // Of the cell's own: its peepholes, gains or projection, where it has one of them.
  std::size_t last;
  std::vector<std::size_t> initial;  // the layer's last: where its states begin, if that is learned
};

struct RecurrentWidths {
  int inputs = 0, units = 0, outputs = 0;
};

// Which layer, of which stack.
struct LayerName {
  int number = 0;
  std::string stack = "rnn";
};

// Segments "rnn.weight_ih_l<k>", "rnn.weight_hh_l<k>", "rnn.bias_l<k>" of a layer, and
// "rnn.peephole_l<k>", "rnn.gain_l<k>" or "rnn.weight_hr_l<k>" where the cell has peepholes,
// normalises or projects; where it does not project, it has as many outputs as units. With
// `trains_initial`, "rnn.initial_hidden_l<k>", and "rnn.initial_cell_l<k>" where the cell has one.
// Of a reversed layer all with "_reverse" behind, as PyTorch names them.
template <class Real>
RecurrentSegments add_recurrent_layer(ParameterLayout& layout, const Cell<Real>& cell,
                                      const LayerName& layer, const RecurrentWidths& widths,
                                      bool trains_initial = false, bool reversed = false);

}  // namespace rondo
