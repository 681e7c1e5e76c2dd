#include "export/onnx/answers.hpp"

#include <array>

#include "export/onnx/pool.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo::onnx_export {
namespace {

using kernels::NumberLoss;
using kernels::NumberLossKind;

// Of what is said, [..., parts * numbers], each part: [...] and the units' shape behind.
std::vector<Value> parts_of(Graph& graph, const NumberLoss& loss, const Units& units,
                            const Value& said, std::size_t leading) {
  std::vector<Value> parts = graph.split(graph.cast(said, Type::float64), loss.parts(), -1);
  if (units.shape.size() == 1) return parts;
  std::vector<std::int64_t> shape(leading, 0);  // as they are
  shape.insert(shape.end(), units.shape.begin(), units.shape.end());
  for (Value& part : parts) part = graph.node("Reshape", {part, graph.integers(shape)});
  return parts;
}

// `steps_or_lanes`: the axes before the numbers.
void add_numbers(Graph& graph, const NumberLoss& loss, const Units& units, const Value& said,
                 const Shape& steps_or_lanes) {
  const std::vector<Value> parts = parts_of(graph, loss, units, said, steps_or_lanes.size());
  Shape shape = steps_or_lanes;
  shape.insert(shape.end(), units.shape.begin(), units.shape.end());
  const auto add = [&](const char* name, const Value& place) {
    graph.output(name, place, Type::float64, shape);
  };
  if (loss.kind == NumberLossKind::quantile) {
    std::vector<Value> columns;
    columns.reserve(parts.size());
    for (const Value& part : parts) columns.push_back(graph.unsqueeze(part, -1));
    const std::array<std::int64_t, 1> all = {loss.parts()};
    const Value ascending =
        graph
            .nodes("TopK", {graph.side_by_side(columns, -1), graph.integers(all)}, 2,
                   {{"largest", std::int64_t{0}}})
            .front();
    shape.emplace_back(all[0]);
    add("quantiles", graph.add(graph.unsqueeze(units.base, -1),
                               graph.multiply(graph.unsqueeze(units.unit, -1), ascending)));
    return;
  }
  const Value place = graph.add(units.base, graph.multiply(units.unit, parts[0]));
  if (loss.kind != NumberLossKind::gaussian) {
    add("numbers", place);
    return;
  }
  const std::array<double, 2> bounds = {-kernels::most_log_deviation, kernels::most_log_deviation};
  const Value logarithm = graph.node("Clip", {parts[1], graph.doubles({bounds.data(), 1}, {}),
                                              graph.doubles({bounds.data() + 1, 1}, {})});
  add("mean", place);
  add("deviation", graph.multiply(units.unit, graph.node("Exp", {logarithm})));
}

}  // namespace

Value add_outputs(Sequences& sequences, const Value& read, const std::string& tied_table) {
  Graph& graph = sequences.graph();
  const SavedModel<float>& saved = sequences.saved();
  const bool is_tied = !parameter(saved, "output.weight").is_there();
  const Value turned =
      graph.node("Transpose", {sequences.shared(is_tied ? tied_table : "output.weight")});
  return graph.add(graph.node("MatMul", {read, turned}),
                   vector(graph, parameter(saved, "output.bias")));
}

void add_classes(Sequences& sequences, const Value& logits, bool labels, Shape shape) {
  Graph& graph = sequences.graph();
  shape.emplace_back(std::int64_t{parameter(sequences.saved(), "output.bias").rows});
  graph.output("logits", logits, Type::float32, shape);
  const Value probabilities = labels
                                  ? graph.node("Sigmoid", {logits})
                                  : graph.node("Softmax", {logits}, {{"axis", std::int64_t{-1}}});
  graph.output("probabilities", probabilities, Type::float32, shape);
}

void add_answers(Sequences& sequences, const Value& top, const Units& units) {
  const SavedModel<float>& saved = sequences.saved();
  const bool at_steps = says_steps(saved) || saved.task.spells();
  const Value said = add_outputs(sequences, at_steps ? top : add_pool(sequences, top));
  const Shape shape = at_steps ? Shape{times, lanes} : Shape{lanes};
  const Column& target = column_said(saved);
  if (target.is_real()) {
    add_numbers(sequences.graph(), saved.config.number_loss(), units, said, shape);
  } else {
    add_classes(sequences, said, target.has_labels(), shape);
  }
}

}  // namespace rondo::onnx_export
