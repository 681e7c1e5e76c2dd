// Layers that ONNX has: RNN, GRU (with the reset gate behind the recurrent product, as rondo's and
// PyTorch's) and LSTM, with peepholes or without.
#include <algorithm>
#include <iterator>

#include "export/onnx/layer.hpp"

namespace rondo::onnx_export {
namespace {

// The table: one line a cell. Gates and peepholes in ONNX's order, by their numbers in rondo's.
struct Native {
  const char* cell;
  const char* operation;
  const char* activation;        // of RNN; null: the operation's own
  std::vector<int> gates;        // i, o, f, c of an LSTM; z, r, h of a GRU
  std::vector<int> peepholes{};  // i, o, f
};
const Native natives[] = {
    {"tanh", "RNN", "Tanh", {0}},
    {"relu", "RNN", "Relu", {0}},
    {"gru", "GRU", nullptr, {1, 0, 2}},
    {"lstm", "LSTM", nullptr, {0, 3, 1, 2}},
    {"lstm-peephole", "LSTM", nullptr, {0, 3, 1, 2}, {0, 2, 1}},
};

const Native* find(const std::string& cell) {
  const auto* const found =
      std::ranges::find_if(natives, [&](const Native& native) { return cell == native.cell; });
  return found == std::end(natives) ? nullptr : found;
}

// ONNX has two biases a gate, one of the input's part and one of the recurrent part. rondo's slot
// that has an input's part is the former; the other is 0 there.
Matrix both_biases(const Layer& layer, const Native& native) {
  const Cell<float>& cell = *layer.cell;
  const Matrix first = gates(layer.bias, cell.input_slots, layer.units);
  Matrix second = gates(layer.bias, cell.recurrent_slots, layer.units);
  for (std::size_t gate = 0; gate < cell.recurrent_slots.size(); ++gate) {
    if (cell.recurrent_slots[gate] != cell.input_slots[gate]) continue;
    std::fill_n(second.values.begin() + static_cast<std::ptrdiff_t>(gate) * layer.units,
                layer.units, 0.0F);
  }
  Matrix both = gates(first, native.gates, layer.units);
  const Matrix behind = gates(second, native.gates, layer.units);
  both.values.insert(both.values.end(), behind.values.begin(), behind.values.end());
  return both;
}

// For its one direction an axis in front.
Value one_direction(Graph& graph, const Matrix& of) {
  return graph.floats(of.values, {1, of.rows, of.columns});
}
Value one_direction_of_vector(Graph& graph, const Matrix& of) {
  return graph.floats(of.values, {1, std::ssize(of.values)});
}

}  // namespace

bool is_native(const Layer& layer) {
  return find(layer.cell->name) != nullptr && layer.zoneout == 0 && layer.zoneout_cell == 0;
}

LayerResult add_native(Sequences& sequences, const Layer& layer, const Value& below) {
  Graph& graph = sequences.graph();
  const Native& native = *find(layer.cell->name);
  const bool has_cell = layer.cell->has_cell_state;
  std::vector<Value> inputs = {
      below,
      one_direction(graph, gates(layer.input, native.gates, layer.units)),
      one_direction(graph, gates(layer.recurrent, native.gates, layer.units)),
      one_direction_of_vector(graph, both_biases(layer, native)),
      sequences.lengths().empty() ? "" : graph.cast(sequences.lengths(), Type::int32),
      graph.unsqueeze(layer.hidden, 0)};
  if (has_cell) inputs.push_back(graph.unsqueeze(layer.cell_state, 0));
  if (!native.peepholes.empty()) {
    inputs.push_back(
        one_direction_of_vector(graph, gates(layer.peephole, native.peepholes, layer.units)));
  }
  Attributes attributes = {{"hidden_size", std::int64_t{layer.units}},
                           {"direction", std::string(layer.reversed ? "reverse" : "forward")}};
  if (native.activation != nullptr) {
    attributes.emplace_back("activations", std::vector<std::string>{native.activation});
  }
  if (native.operation == std::string("GRU")) {
    attributes.emplace_back("linear_before_reset", std::int64_t{1});
  }
  const std::vector<Value> made =
      graph.nodes(native.operation, inputs, has_cell ? 3 : 2, attributes);
  return {graph.squeeze(made[0], 1), graph.squeeze(made[1], 0),
          has_cell ? graph.squeeze(made[2], 0) : ""};
}

}  // namespace rondo::onnx_export
