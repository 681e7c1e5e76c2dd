#include "export/onnx/cells.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace rondo::onnx_export {
namespace {

Value logistic(Graph& graph, const Value& x) { return graph.node("Sigmoid", {x}); }
Value tanh_of(Graph& graph, const Value& x) { return graph.node("Tanh", {x}); }

// kept * gate + new * (1 - gate)
Value between(Graph& graph, const Value& gate, const Value& kept, const Value& fresh) {
  return graph.add(fresh, graph.multiply(gate, graph.subtract(kept, fresh)));
}

// Layer normalisation over the units: vector number `i` of those that the cell normalises.
Value normalised(Graph& graph, const Value& x, const CellVectors& vectors, std::size_t i) {
  const Attributes over_units = {{"axes", std::vector<std::int64_t>{-1}}};
  const Value centred = graph.subtract(x, graph.node("ReduceMean", {x}, over_units));
  const Value variance = graph.node("ReduceMean", {graph.multiply(centred, centred)}, over_units);
  const Value deviation = graph.node("Sqrt", {graph.add(variance, graph.number(1e-5F))});
  return graph.add(graph.multiply(graph.node("Div", {centred, deviation}), vectors.gains[i]),
                   vectors.biases[i]);
}

CellStates elman_tanh(Graph& graph, const CellStep& step, const CellVectors&) {
  return {tanh_of(graph, step.slots[0]), ""};
}

CellStates elman_relu(Graph& graph, const CellStep& step, const CellVectors&) {
  return {graph.node("Relu", {step.slots[0]}), ""};
}

// Of the gates' sums r, z, n and the recurrent part of n.
CellStates gru_of(Graph& graph, const std::vector<Value>& sums, const Value& hidden) {
  const Value r = logistic(graph, sums[0]), z = logistic(graph, sums[1]);
  const Value n = tanh_of(graph, graph.add(sums[2], graph.multiply(r, sums[3])));
  return {between(graph, z, hidden, n), ""};
}

CellStates gru(Graph& graph, const CellStep& step, const CellVectors&) {
  return gru_of(graph, step.slots, step.hidden);
}

CellStates gru_norm(Graph& graph, const CellStep& step, const CellVectors& vectors) {
  std::vector<Value> sums;
  for (std::size_t i = 0; i < 4; ++i) {
    sums.push_back(normalised(graph, step.slots[i], vectors, i));
  }
  return gru_of(graph, sums, step.hidden);
}

// c = f c' + i g, of the gates' sums
Value lstm_cell(Graph& graph, const std::vector<Value>& sums, const Value& cell) {
  const Value i = logistic(graph, sums[0]), f = logistic(graph, sums[1]);
  const Value g = tanh_of(graph, sums[2]);
  return graph.add(graph.multiply(f, cell), graph.multiply(i, g));
}

CellStates lstm(Graph& graph, const CellStep& step, const CellVectors&) {
  const Value cell = lstm_cell(graph, step.slots, step.cell);
  return {graph.multiply(logistic(graph, step.slots[3]), tanh_of(graph, cell)), cell};
}

CellStates lstm_coupled(Graph& graph, const CellStep& step, const CellVectors&) {
  const Value f = logistic(graph, step.slots[0]), g = tanh_of(graph, step.slots[1]);
  const Value cell = between(graph, f, step.cell, g);
  return {graph.multiply(logistic(graph, step.slots[2]), tanh_of(graph, cell)), cell};
}

CellStates lstm_peephole(Graph& graph, const CellStep& step, const CellVectors& vectors) {
  const auto seen = [&](std::size_t slot, std::size_t peephole, const Value& cell) {
    return graph.add(step.slots[slot], graph.multiply(vectors.peepholes[peephole], cell));
  };
  const Value cell =
      lstm_cell(graph, {seen(0, 0, step.cell), seen(1, 1, step.cell), step.slots[2]}, step.cell);
  return {graph.multiply(logistic(graph, seen(3, 2, cell)), tanh_of(graph, cell)), cell};
}

CellStates lstm_norm(Graph& graph, const CellStep& step, const CellVectors& vectors) {
  std::vector<Value> sums;
  for (std::size_t i = 0; i < 4; ++i) {
    sums.push_back(normalised(graph, step.slots[i], vectors, i));
  }
  const Value cell = lstm_cell(graph, sums, step.cell);
  const Value shown = tanh_of(graph, normalised(graph, cell, vectors, 4));
  return {graph.multiply(logistic(graph, sums[3]), shown), cell};
}

// The table: one line a cell.
struct Row {
  const char* cell;
  CellNodes nodes;
};
constexpr Row rows[] = {
    {"tanh", elman_tanh},
    {"relu", elman_relu},
    {"gru", gru},
    {"gru-norm", gru_norm},
    {"lstm", lstm},
    {"lstm-projected", lstm},  // what is projected; the layer does that
    {"lstm-coupled", lstm_coupled},
    {"lstm-peephole", lstm_peephole},
    {"lstm-norm", lstm_norm},
};

}  // namespace

CellNodes cell_nodes(const std::string& cell) {
  const auto* const found =
      std::ranges::find_if(rows, [&](const Row& row) { return cell == row.cell; });
  return found == std::end(rows) ? nullptr : found->nodes;
}

}  // namespace rondo::onnx_export
