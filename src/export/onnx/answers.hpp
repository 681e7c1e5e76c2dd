// What a network says of its last layer, as outputs of a graph.
#pragma once

#include "export/onnx/inputs.hpp"

namespace rondo::onnx_export {

// The last layer's linear outputs of `read` [..., width]: [..., classes]. `tied_table`: the table
// of vectors whose rows are its weights, where it has none of its own.
Value add_outputs(Sequences& sequences, const Value& read,
                  const std::string& tied_table = "embedding.weight");

// The outputs "logits" and "probabilities" of classes, or of labels; `shape` that of the axes
// before these.
void add_classes(Sequences& sequences, const Value& logits, bool labels, Shape shape);

// Outputs, of each step [time, batch, ...] or of whole sequences [batch, ...]:
//   "logits", "probabilities" [..., classes]   of classes, of labels, and of the symbols that steps
//                                              spell, behind them the blank
//   "numbers" [..., width]                     in the table's units, in double, of forecasts [...,
//                                              horizon, width]; of a Gaussian loss "mean" and
//                                              "deviation", of quantiles "quantiles" with one axis
//                                              more, ascending
// `top` as add_layers() gives it; `units` of what is a number.
void add_answers(Sequences& sequences, const Value& top, const Units& units);

}  // namespace rondo::onnx_export
