#include "export/onnx/forecast_inputs.hpp"

#include <algorithm>
#include <string_view>

#include "rondo/data/forecasts.hpp"
#include "rondo/tasks/settings.hpp"

namespace rondo::onnx_export {
namespace {

const Column* at(const SavedModel<float>& saved, int place) {
  return place < 0 ? nullptr : &saved.stored_columns[static_cast<std::size_t>(place)];
}

Value reshaped(Graph& graph, const Value& value, const std::vector<std::int64_t>& shape) {
  return graph.node("Reshape", {value, graph.integers(shape)});
}

// `rows` rows of a column's numbers side by side, [time, batch, rows, width], standardised.
Value rows_of(Sequences& sequences, const Column& column, std::int64_t rows) {
  Graph& graph = sequences.graph();
  const Value numbers = reshaped(graph, sequences.numbers(column.name, rows * column.width),
                                 {0, 0, rows, column.width});
  return standardised(graph, numbers, means(graph, column), column.deviation);
}

Value side_by_side_again(Graph& graph, const Value& rows) {
  return reshaped(graph, rows, {0, 0, -1});
}

}  // namespace

bool is_forecast(const SavedModel<float>& saved) {
  return saved.task.name() == std::string_view("forecast");
}

std::string why_no_forecast(const SavedModel<float>& saved) {
  const ForecastShape shape = forecast_shape(saved.config);
  const Column& target = *at(saved, SeriesColumns(saved.stored_columns).target);
  if (shape.subtract == Subtract::season) {
    return "--subtract season adds values that no step reads, which --to onnx does not write";
  }
  if (shape.subtract == Subtract::last && target.masks_missing) {
    return "where values may be missing --subtract last looks for an older one, which --to onnx "
           "does not write";
  }
  if (shape.is_apart && target.width > 1) {
    return "--channels apart has other units for each target, and --to onnx writes one network";
  }
  return {};
}

Inputs add_forecast_inputs(Sequences& sequences) {
  Graph& graph = sequences.graph();
  const SavedModel<float>& saved = sequences.saved();
  const ForecastShape shape = forecast_shape(saved.config);
  const SeriesColumns places(saved.stored_columns);
  const Column& target = *at(saved, places.target);
  const Column* const source = at(saved, places.source);
  const Column* const known = at(saved, places.known);
  const std::int64_t rows = shape.is_carried ? 1 : shape.segment;

  const Value targets = sequences.numbers(target.name, rows * target.width);
  std::vector<Value> history(1);
  if (source != nullptr) history.push_back(rows_of(sequences, *source, rows));
  std::vector<Value> read(1);
  if (known != nullptr) {
    read.push_back(as_signal(graph,
                             side_by_side_again(graph, rows_of(sequences, *known, shape.horizon)),
                             known->masks_missing));
  }
  for (const ColumnRead& column : columns_read(saved)) {
    if (column.column->role == ColumnRole::constant) read.push_back(read_column(sequences, column));
  }
  sequences.add_lengths();

  // What is said is added to this; of whole sequences what is read is relative to it, too.
  const bool is_relative = shape.subtract == Subtract::last;
  Value base, base_read;
  if (is_relative && !shape.is_carried) {
    const Value newest =
        graph.split(sequences.at_last_step(targets), static_cast<int>(rows), 1).back();
    base = base_read = graph.unsqueeze(newest, 1);
  } else {
    base_read = means(graph, target);
    base = is_relative ? graph.unsqueeze(targets, 2) : base_read;
  }
  history[0] = standardised(graph, reshaped(graph, targets, {0, 0, rows, target.width}), base_read,
                            target.deviation);
  read[0] = as_signal(graph, side_by_side_again(graph, graph.side_by_side(history, 3)),
                      target.masks_missing);
  return {graph.side_by_side(read, 2),
          {base, graph.doubles(target.deviation, {target.width}), {shape.horizon, target.width}}};
}

}  // namespace rondo::onnx_export
