#include "export/onnx/memory.hpp"

#include <limits>

namespace rondo::onnx_export {
namespace {

// Of the decoder's inputs: as many as texts, or one.
constexpr const char* sources = "sources";

Matrix key_weights(const SavedModel<float>& saved) {
  return parameter(saved, "attention.key.weight");
}

std::int64_t memory_width(const SavedModel<float>& saved) {
  return parameter(saved, "attention.context.weight").columns;
}

// v . tanh(q + k), or q . k of the source's keys, [batch, time].
Value scores(Sequences& decoder, const Memory& memory, const Value& hidden) {
  Graph& graph = decoder.graph();
  const SavedModel<float>& saved = decoder.saved();
  const Matrix query = parameter(saved, "attention.query.weight");
  if (!query.is_there()) {
    return graph.squeeze(graph.node("MatMul", {memory.keys, graph.unsqueeze(hidden, 2)}), 2);
  }
  const Value asked = graph.unsqueeze(product(graph, hidden, query), 1);
  const Matrix score = parameter(saved, "attention.score");
  return graph.node("MatMul", {graph.node("Tanh", {graph.add(memory.keys, asked)}),
                               graph.floats(score.values, {std::ssize(score.values)})});
}

}  // namespace

void add_memory(Sequences& encoder, const Value& top) {
  Graph& graph = encoder.graph();
  const SavedModel<float>& saved = encoder.saved();
  const Value memory =
      graph.node("Transpose", {top}, {{"perm", std::vector<std::int64_t>{1, 0, 2}}});
  graph.output("memory", memory, Type::float32, {lanes, times, memory_width(saved)});
  const Matrix weights = key_weights(saved);
  if (!weights.is_there()) return;
  Value keys = product(graph, memory, weights);
  const Matrix bias = parameter(saved, "attention.key.bias");
  if (bias.is_there()) keys = graph.add(keys, vector(graph, bias));
  graph.output("keys", keys, Type::float32, {lanes, times, std::int64_t{weights.rows}});
}

Memory read_memory(Sequences& decoder) {
  Graph& graph = decoder.graph();
  const SavedModel<float>& saved = decoder.saved();
  Memory memory;
  memory.states = graph.input("memory", Type::float32, {sources, times, memory_width(saved)});
  const Matrix weights = key_weights(saved);
  memory.keys = weights.is_there() ? graph.input("keys", Type::float32,
                                                 {sources, times, std::int64_t{weights.rows}})
                                   : memory.states;
  const Value lengths = graph.input("lengths", Type::int64, {sources});
  memory.mask =
      graph.node("Less", {places_along(graph, memory.states, 1), graph.unsqueeze(lengths, 1)});
  return memory;
}

Value add_attention(Sequences& decoder, const Memory& memory, const Value& hidden) {
  Graph& graph = decoder.graph();
  const SavedModel<float>& saved = decoder.saved();
  constexpr float lowest = std::numeric_limits<float>::lowest();
  const Value known =
      graph.node("Where", {memory.mask, scores(decoder, memory, hidden), graph.number(lowest)});
  const Value shares = graph.node("Softmax", {known}, {{"axis", std::int64_t{1}}});
  graph.output("attention", shares, Type::float32, {lanes, times});
  const Value context =
      graph.squeeze(graph.node("MatMul", {graph.unsqueeze(shares, 1), memory.states}), 1);
  return graph.node(
      "Tanh", {graph.add(product(graph, context, parameter(saved, "attention.context.weight")),
                         product(graph, hidden, parameter(saved, "attention.hidden.weight")))});
}

}  // namespace rondo::onnx_export
