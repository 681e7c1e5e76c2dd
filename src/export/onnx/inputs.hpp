// What a network reads, from a table's columns as inputs of a graph.
#pragma once

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// How what is said of numbers becomes numbers of the table, base + unit * said: of `shape`, behind
// the axes of steps and sequences: [width], of forecasts [horizon, width].
struct Units {
  Value base, unit;
  std::vector<std::int64_t> shape;
};

struct Inputs {
  Value read;   // by the first layer, [time, batch, width]
  Units units;  // where numbers are said
};

// The columns as a table has them: symbols by their numbers, numbers in double, standardised here,
// NaN where one is missing. Then "lengths", of tasks whose sequences have an end.
Inputs add_inputs(Sequences& sequences);

// Of forecasts (data/forecasts.hpp) why that cannot be; empty: it can.
std::string why_no_forecast(const SavedModel<float>& saved);

}  // namespace rondo::onnx_export
