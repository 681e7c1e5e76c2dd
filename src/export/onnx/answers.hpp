// What a network says of its last layer, as outputs of a graph.
#pragma once

#include "export/onnx/inputs.hpp"

namespace rondo::onnx_export {

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
