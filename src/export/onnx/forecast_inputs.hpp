// What a network that forecasts reads, from the columns of a series; and the pieces that all
// readings of columns are made of.
#pragma once

#include "export/onnx/inputs.hpp"

namespace rondo::onnx_export {

bool is_forecast(const SavedModel<float>& saved);

// The target's numbers of a step's rows, the sources', what is known of the rows ahead, statics.
Inputs add_forecast_inputs(Sequences& sequences);

// In double: large numbers may be close together.
Value standardised(Graph& graph, const Value& numbers, const Value& base,
                   const std::vector<double>& deviations);
// In float; a missing number is 0, with a 1 beside it.
Value as_signal(Graph& graph, const Value& numbers, bool masks_missing);
// A column's, [width].
Value means(Graph& graph, const Column& column);
// One as the first layer reads it.
Value read_column(Sequences& sequences, const ColumnRead& read);

}  // namespace rondo::onnx_export
