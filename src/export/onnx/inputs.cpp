#include "export/onnx/inputs.hpp"

#include <algorithm>
#include <array>

#include "export/onnx/forecast_inputs.hpp"

namespace rondo::onnx_export {

Value standardised(Graph& graph, const Value& numbers, const Value& base,
                   const std::vector<double>& deviations) {
  std::vector<double> inverse;
  inverse.reserve(deviations.size());
  for (const double deviation : deviations) inverse.push_back(1.0 / deviation);
  return graph.multiply(graph.subtract(numbers, base),
                        graph.doubles(inverse, {std::ssize(inverse)}));
}

Value as_signal(Graph& graph, const Value& numbers, bool masks_missing) {
  Value signal = graph.cast(numbers, Type::float32);
  if (!masks_missing) return signal;
  const Value missing = graph.node("IsNaN", {numbers});
  return graph.side_by_side(
      {graph.node("Where", {missing, graph.number(0), signal}), graph.cast(missing, Type::float32)},
      2);
}

Value means(Graph& graph, const Column& column) {
  return graph.doubles(column.mean, {column.width});
}

Value read_column(Sequences& sequences, const ColumnRead& read) {
  Graph& graph = sequences.graph();
  const Column& column = *read.column;
  if (!column.is_real()) {
    return graph.node("Gather", {sequences.shared(read.table), sequences.symbols(column.name)});
  }
  const Value numbers = sequences.numbers(column.name, column.width);
  return as_signal(graph, standardised(graph, numbers, means(graph, column), column.deviation),
                   column.masks_missing);
}

Inputs add_inputs(Sequences& sequences) {
  const SavedModel<float>& saved = sequences.saved();
  if (is_forecast(saved)) return add_forecast_inputs(sequences);
  Graph& graph = sequences.graph();
  std::vector<Value> columns;
  for (const ColumnRead& read : columns_read(saved)) {
    columns.push_back(read_column(sequences, read));
  }
  if (!saved.task.continues_texts()) sequences.add_lengths();
  Inputs inputs{graph.side_by_side(columns, 2), {}};
  const Column& said = column_said(saved);
  if (said.is_real()) {
    inputs.units = {means(graph, said), graph.doubles(said.deviation, {said.width}), {said.width}};
  }
  return inputs;
}

}  // namespace rondo::onnx_export
