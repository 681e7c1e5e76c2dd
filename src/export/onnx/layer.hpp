// What one direction of a recurrent layer is, for either way of writing it.
#pragma once

#include <string>

#include "export/onnx/sequence.hpp"
#include "rondo/model/cell.hpp"

namespace rondo::onnx_export {

struct Layer {
  const Cell<float>* cell = nullptr;
  bool reversed = false;
  int units = 0, outputs = 0;
  double zoneout = 0, zoneout_cell = 0;
  // As the model has them; those that are not there are empty.
  Matrix input, recurrent, bias, peephole, gain, projection;
  std::string hidden_name, cell_name;  // of its states
  Value hidden, cell_state;            // as they begin, [batch, outputs] and [batch, units]
};

// What it says, [time, batch, outputs], and what its states have become.
struct LayerResult {
  Value said, hidden, cell_state;
};

// Whether ONNX has a layer that computes the same.
bool is_native(const Layer& layer);
// By that one.
LayerResult add_native(Sequences& sequences, const Layer& layer, const Value& below);
// By a loop over its step.
LayerResult add_loop(Sequences& sequences, const Layer& layer, const Value& below);

// Rows of a gate, or of several in an order, each of `units` rows.
Matrix gates(const Matrix& of, const std::vector<int>& order, int units);

}  // namespace rondo::onnx_export
