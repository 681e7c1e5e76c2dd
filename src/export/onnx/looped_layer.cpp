// Layers that ONNX has not: the products with what is read are made of all steps at once, then a
// loop goes through the steps.
#include <fmt/format.h>

#include <numeric>

#include "export/onnx/cells.hpp"
#include "export/onnx/layer.hpp"

namespace rondo::onnx_export {
namespace {

// The biases that go into a product over `slots`: where a slot has both products, into the
// input's. Cells that normalise add theirs behind that.
Matrix biases_of(const Layer& layer, const std::vector<int>& slots, bool recurrent) {
  Matrix biases = gates(layer.bias, slots, layer.units);
  for (std::size_t i = 0; recurrent && i < slots.size(); ++i) {
    const std::vector<int>& others = layer.cell->input_slots;
    if (std::find(others.begin(), others.end(), slots[i]) == others.end()) continue;
    std::fill_n(biases.values.begin() + static_cast<std::ptrdiff_t>(i) * layer.units, layer.units,
                0.0F);
  }
  return biases;
}

Value with_biases(Graph& graph, const Layer& layer, const Value& product,
                  const std::vector<int>& slots, bool recurrent) {
  if (layer.cell->normalized > 0) return product;
  return graph.add(product, vector(graph, biases_of(layer, slots, recurrent)));
}

std::vector<Value> rows(Graph& graph, const Matrix& of, int units) {
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(of.rows / units));
  for (int i = 0; i < of.rows / units; ++i) {
    values.push_back(vector(graph, gates(of, {i}, units)));
  }
  return values;
}

// The sums of the products by slots.
std::vector<Value> slots_of(Graph& graph, const Layer& layer, const Value& from_input,
                            const Value& hidden) {
  const Cell<float>& cell = *layer.cell;
  const Value from_hidden = with_biases(graph, layer, product(graph, hidden, layer.recurrent),
                                        cell.recurrent_slots, true);
  std::vector<Value> slots(static_cast<std::size_t>(cell.slots));
  const auto add = [&](const Value& sums, const std::vector<int>& to) {
    const std::vector<Value> parts = graph.split(sums, static_cast<int>(to.size()), 1);
    for (std::size_t i = 0; i < to.size(); ++i) {
      Value& slot = slots[static_cast<std::size_t>(to[i])];
      slot = slot.empty() ? parts[i] : graph.add(slot, parts[i]);
    }
  };
  add(from_input, cell.input_slots);
  add(from_hidden, cell.recurrent_slots);
  return slots;
}

// What zoneout makes of a state: a part of the one before, the rest of the new one.
Value kept(Graph& graph, double share, const Value& before, const Value& after) {
  if (share == 0) return after;
  return graph.add(graph.multiply(graph.number(static_cast<float>(share)), before),
                   graph.multiply(graph.number(static_cast<float>(1 - share)), after));
}

// The loop's body: states, then a step's sums and whether it is one of the sequence; states, then
// what is said.
void fill_body(Graph& body, const Layer& layer, bool has_mask) {
  const auto sized = [](int units) { return Shape{lanes, std::int64_t{units}}; };
  const bool has_cell = layer.cell->has_cell_state;
  const Value hidden = body.input("hidden", Type::float32, sized(layer.outputs));
  const Value cell = has_cell ? body.input("cell", Type::float32, sized(layer.units)) : "";
  const Value sums = body.input("sums", Type::float32, sized(layer.input.rows));
  const Value mask = has_mask ? body.input("mask", Type::boolean, {lanes, std::int64_t{1}}) : "";
  const CellVectors vectors{
      rows(body, layer.peephole, layer.units), rows(body, layer.gain, layer.units),
      layer.cell->normalized > 0 ? rows(body, layer.bias, layer.units) : std::vector<Value>{}};
  CellStates next = cell_nodes(layer.cell->name)(
      body, {slots_of(body, layer, sums, hidden), hidden, cell}, vectors);
  if (layer.projection.is_there()) next.hidden = product(body, next.hidden, layer.projection);
  next.hidden = kept(body, layer.zoneout, hidden, next.hidden);
  if (has_cell) next.cell = kept(body, layer.zoneout_cell, cell, next.cell);
  const auto where_it_goes_on = [&](const Value& now, const Value& before) {
    return has_mask ? body.node("Where", {mask, now, before}) : now;
  };
  const Value said = where_it_goes_on(next.hidden, hidden);
  body.output("hidden.next", said, Type::float32, sized(layer.outputs));
  if (has_cell) {
    body.output("cell.next", where_it_goes_on(next.cell, cell), Type::float32, sized(layer.units));
  }
  body.output("said", said, Type::float32, sized(layer.outputs));
}

}  // namespace

LayerResult add_loop(Sequences& sequences, const Layer& layer, const Value& below) {
  Graph& graph = sequences.graph();
  const bool has_mask = !sequences.lengths().empty();
  Graph body(fmt::format("{}{}.step.", layer.hidden_name.substr(0, layer.hidden_name.find('.')),
                         layer.reversed ? ".reversed" : ""));
  fill_body(body, layer, has_mask);
  std::vector<Value> inputs = {layer.hidden};
  if (layer.cell->has_cell_state) inputs.push_back(layer.cell_state);
  const int states = static_cast<int>(inputs.size());
  inputs.push_back(with_biases(graph, layer, product(graph, below, layer.input),
                               layer.cell->input_slots, false));
  if (has_mask) inputs.push_back(sequences.mask());
  const auto scanned = static_cast<std::int64_t>(inputs.size()) - states;
  const std::int64_t backwards = layer.reversed ? 1 : 0;
  const std::vector<Value> made =
      graph.nodes("Scan", inputs, states + 1,
                  {{"body", &body},
                   {"num_scan_inputs", scanned},
                   {"scan_input_directions",
                    std::vector<std::int64_t>(static_cast<std::size_t>(scanned), backwards)},
                   {"scan_output_directions", std::vector<std::int64_t>{backwards}}});
  return {made.back(), made[0], layer.cell->has_cell_state ? made[1] : ""};
}

}  // namespace rondo::onnx_export
