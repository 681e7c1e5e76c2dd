#include "export/onnx/sequence.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace rondo::onnx_export {

Value matrix(Graph& graph, const Matrix& of) {
  return graph.floats(of.values, {of.rows, of.columns});
}

Value vector(Graph& graph, const Matrix& of) {
  return graph.floats(of.values, {std::ssize(of.values)});
}

Value product(Graph& graph, const Value& x, const Matrix& weights) {
  return graph.node("MatMul", {x, graph.node("Transpose", {matrix(graph, weights)})});
}

Value places_along(Graph& graph, const Value& signal, std::int64_t axis) {
  return graph.node("Range",
                    {graph.node("Squeeze", {graph.integers(std::array<std::int64_t, 1>{0})}),
                     graph.node("Squeeze", {graph.sizes(signal, axis, axis + 1)}),
                     graph.node("Squeeze", {graph.integers(std::array<std::int64_t, 1>{1})})});
}

Sequences::Sequences(Graph& graph, const SavedModel<float>& saved, bool carries)
    : graph_(graph), saved_(saved), carries_(carries) {}

Value Sequences::symbols(const std::string& column) {
  Value symbols = graph_.input(column, Type::int64, {times, lanes});
  if (first_.empty()) first_ = symbols;
  return symbols;
}

Value Sequences::numbers(const std::string& column, std::int64_t width) {
  Value numbers = graph_.input(column, Type::float64, {times, lanes, width});
  if (first_.empty()) first_ = numbers;
  return numbers;
}

void Sequences::add_lengths() { lengths_ = graph_.input("lengths", Type::int64, {lanes}); }

Value Sequences::mask() {
  if (!mask_.empty()) return mask_;
  const Value steps = places_along(graph_, first_, 0);
  mask_ = graph_.unsqueeze(graph_.node("Less", {graph_.unsqueeze(steps, 1), lengths_}), 2);
  return mask_;
}

Value Sequences::at_last_step(const Value& signal) {
  const std::array<std::int64_t, 1> one = {1};
  const Value last = graph_.subtract(lengths_, graph_.integers(one));
  const Value shape = graph_.side_by_side({graph_.integers(one), graph_.sizes(signal, 1, 3)}, 0);
  const Value places =
      graph_.node("Expand", {graph_.unsqueeze(graph_.unsqueeze(last, 0), 2), shape});
  return graph_.squeeze(
      graph_.node("GatherElements", {signal, places}, {{"axis", std::int64_t{0}}}), 0);
}

Value Sequences::shared(const std::string& name) {
  const auto [found, is_new] = shared_.try_emplace(name);
  if (is_new) found->second = matrix(graph_, parameter(saved_, name));
  return found->second;
}

Value Sequences::begin(const std::string& state, int units, std::vector<float> values) {
  if (carries_) {
    if (!values.empty()) initial_.emplace_back(state, std::move(values));
    return graph_.input(state, Type::float32, {lanes, std::int64_t{units}});
  }
  values.resize(static_cast<std::size_t>(units));
  const Value rows = graph_.side_by_side(
      {graph_.sizes(first_, 1, 2), graph_.integers(std::array<std::int64_t, 1>{units})}, 0);
  return graph_.node("Expand", {graph_.floats(values, {units}), rows});
}

void Sequences::end(const std::string& state, const Value& value, int units) {
  if (carries_) graph_.output(state + ".next", value, Type::float32, {lanes, std::int64_t{units}});
}

std::string Sequences::initial_states() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [name, values] : initial_) states[name] = values;
  return states.dump();
}

}  // namespace rondo::onnx_export
