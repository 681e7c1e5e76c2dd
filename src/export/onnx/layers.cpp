#include "export/onnx/layers.hpp"

#include <fmt/format.h>

#include "export/onnx/layer.hpp"

namespace rondo::onnx_export {
namespace {

// Columns of one matrix, then those of another.
Matrix side_by_side(const Matrix& a, const Matrix& b) {
  Matrix both{a.rows, a.columns + b.columns};
  for (std::ptrdiff_t row = 0; row < a.rows; ++row) {
    for (const Matrix* const part : {&a, &b}) {
      const auto begin = part->values.begin() + row * part->columns;
      both.values.insert(both.values.end(), begin, begin + part->columns);
    }
  }
  return both;
}

Layer layer_of(Sequences& sequences, const Stack& stack, std::int64_t number, bool reversed) {
  const SavedModel<float>& saved = sequences.saved();
  const auto of = [&](const char* name) {
    return parameter(
        saved, fmt::format("{}.{}_l{}{}", stack.name, name, number, reversed ? "_reverse" : ""));
  };
  Layer layer;
  layer.cell = &find_cell<float>(saved.config.cell);
  layer.reversed = reversed;
  layer.input = of("weight_ih");
  // Of what is fed back, which is read behind the rest.
  if (const Matrix fed = of("weight_fh"); fed.is_there()) {
    layer.input = side_by_side(layer.input, fed);
  }
  layer.recurrent = of("weight_hh");
  layer.bias = of("bias");
  layer.peephole = of("peephole");
  layer.gain = of("gain");
  layer.projection = of("weight_hr");
  layer.units = static_cast<int>(saved.config.hidden);
  layer.outputs = layer.recurrent.columns;
  layer.zoneout = saved.config.zoneout;
  layer.zoneout_cell = saved.config.zoneout_cell;
  layer.hidden_name = fmt::format("layer{}.hidden", number);
  layer.cell_name = fmt::format("layer{}.cell", number);
  layer.hidden = sequences.begin(layer.hidden_name, layer.outputs, of("initial_hidden").values);
  if (layer.cell->has_cell_state) {
    layer.cell_state = sequences.begin(layer.cell_name, layer.units, of("initial_cell").values);
  }
  return layer;
}

Value add_direction(Sequences& sequences, const Stack& stack, std::int64_t number, bool reversed,
                    const Value& below) {
  const Layer layer = layer_of(sequences, stack, number, reversed);
  const LayerResult made =
      is_native(layer) ? add_native(sequences, layer, below) : add_loop(sequences, layer, below);
  sequences.end(layer.hidden_name, made.hidden, layer.outputs);
  if (layer.cell->has_cell_state) sequences.end(layer.cell_name, made.cell_state, layer.units);
  return made.said;
}

}  // namespace

Matrix gates(const Matrix& of, const std::vector<int>& order, int units) {
  Matrix chosen{static_cast<int>(order.size()) * units, of.columns};
  const std::size_t size = static_cast<std::size_t>(units) * static_cast<std::size_t>(of.columns);
  for (const int gate : order) {
    const auto begin = of.values.begin() + static_cast<std::ptrdiff_t>(size) * gate;
    chosen.values.insert(chosen.values.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  return chosen;
}

Stack only_stack(const Config& config) {
  return {
      .layers = config.layers, .bidirectional = config.bidirectional, .residual = config.residual};
}

Value add_layers(Sequences& sequences, const Stack& stack, Value below) {
  for (std::int64_t i = 0; i < stack.layers; ++i) {
    std::vector<Value> directions = {add_direction(sequences, stack, i, false, below)};
    if (stack.bidirectional) directions.push_back(add_direction(sequences, stack, i, true, below));
    const Value above = sequences.graph().side_by_side(directions, 2);
    below = stack.residual && i > 0 ? sequences.graph().add(above, below) : above;
  }
  return below;
}

}  // namespace rondo::onnx_export
