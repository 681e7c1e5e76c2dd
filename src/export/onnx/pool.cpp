#include "export/onnx/pool.hpp"

#include <array>
#include <limits>

namespace rondo::onnx_export {
namespace {

constexpr float lowest = std::numeric_limits<float>::lowest();

const std::array<std::int64_t, 1> along_time = {0};

int width_of(const SavedModel<float>& saved) {
  return static_cast<int>(saved.config.outputs()) * (saved.config.bidirectional ? 2 : 1);
}

Value sum_over_time(Graph& graph, const Value& signal) {
  return graph.node("ReduceSum", {signal, graph.integers(along_time)},
                    {{"keepdims", std::int64_t{0}}});
}

Value mean(Sequences& sequences, const Value& top) {
  Graph& graph = sequences.graph();
  Value sum = sum_over_time(graph, graph.node("Where", {sequences.mask(), top, graph.number(0)}));
  Value steps = graph.unsqueeze(graph.cast(sequences.lengths(), Type::float32), 1);
  if (sequences.carries()) {
    const int width = width_of(sequences.saved());
    sum = graph.add(sequences.begin("pool.sum", width, {}), sum);
    steps = graph.add(sequences.begin("pool.steps", 1, {}), steps);
    sequences.end("pool.sum", sum, width);
    sequences.end("pool.steps", steps, 1);
  }
  return graph.node("Div", {sum, steps});
}

Value maximum(Sequences& sequences, const Value& top) {
  Graph& graph = sequences.graph();
  Value most =
      graph.node("ReduceMax", {graph.node("Where", {sequences.mask(), top, graph.number(lowest)})},
                 {{"axes", std::vector<std::int64_t>{0}}, {"keepdims", std::int64_t{0}}});
  if (sequences.carries()) {
    const int width = width_of(sequences.saved());
    const std::vector<float> nothing(static_cast<std::size_t>(width), lowest);
    most = graph.node("Max", {sequences.begin("pool.max", width, nothing), most});
    sequences.end("pool.max", most, width);
  }
  return most;
}

// The mean by softmax over the steps of v . tanh(W h + b).
Value attention(Sequences& sequences, const Value& top) {
  Graph& graph = sequences.graph();
  const auto times_transposed = [&](const Value& signal, const char* name) {
    return graph.node("MatMul", {signal, graph.node("Transpose", {sequences.shared(name)})});
  };
  const Value units =
      graph.node("Tanh", {graph.add(times_transposed(top, "pool.weight"),
                                    vector(graph, parameter(sequences.saved(), "pool.bias")))});
  const Value scores = graph.node(
      "Where", {sequences.mask(), times_transposed(units, "pool.score"), graph.number(lowest)});
  const Value weights = graph.node("Softmax", {scores}, {{"axis", std::int64_t{0}}});
  return sum_over_time(graph, graph.multiply(weights, top));
}

}  // namespace

Value add_ends(Sequences& sequences, const Value& top) {
  if (!sequences.saved().config.bidirectional) return sequences.at_last_step(top);
  Graph& graph = sequences.graph();
  const std::vector<Value> directions = graph.split(top, 2, 2);
  const Value first_step = graph.node("Squeeze", {graph.integers(along_time)});
  return graph.side_by_side(
      {sequences.at_last_step(directions[0]),
       graph.node("Gather", {directions[1], first_step}, {{"axis", std::int64_t{0}}})},
      1);
}

Value add_pool(Sequences& sequences, const Value& top) {
  const std::string& pool = sequences.saved().config.pool;
  return pool == "mean"        ? mean(sequences, top)
         : pool == "max"       ? maximum(sequences, top)
         : pool == "attention" ? attention(sequences, top)
                               : add_ends(sequences, top);
}

}  // namespace rondo::onnx_export
