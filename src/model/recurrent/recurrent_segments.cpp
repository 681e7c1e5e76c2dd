// The parameters of a recurrent layer, in the order in which they are stored.
#include "model/recurrent/recurrent_segments.hpp"

#include <fmt/format.h>

namespace rondo {

template <class Real>
RecurrentSegments add_recurrent_layer(ParameterLayout& layout, const Cell<Real>& cell,
                                      const LayerName& layer, const RecurrentWidths& widths,
                                      bool trains_initial, bool reversed) {
  using Role = Segment::Role;
  const auto name_of = [&](const char* name) {
    return fmt::format("{}.{}_l{}{}", layer.stack, name, layer.number, reversed ? "_reverse" : "");
  };
  const auto matrix = [&](Role role, const char* name, std::size_t gates, int columns) {
    Segment segment;
    segment.name = name_of(name);
    segment.role = role;
    segment.groups = static_cast<int>(gates);
    segment.units = widths.units;
    segment.columns = columns;
    segment.meaning = "gates: " + cell.gate_order;
    return segment;
  };
  Segment bias = matrix(Role::gate_bias, "bias", static_cast<std::size_t>(cell.biases()), 1);
  bias.vector = true;
  bias.meaning = "gates: " + cell.bias_order;
  RecurrentSegments segments{};
  segments.input_weights =
      layout.add(matrix(Role::input_weights, "weight_ih", cell.input_slots.size(), widths.inputs));
  segments.recurrent_weights = layout.add(
      matrix(Role::recurrent_weights, "weight_hh", cell.recurrent_slots.size(), widths.outputs));
  segments.last = segments.bias = layout.add(bias);
  if (!cell.peepholes.empty()) {
    Segment peepholes = matrix(Role::peephole, "peephole", cell.peepholes.size(), 1);
    peepholes.vector = true;
    peepholes.meaning = "gates: " + cell.peephole_order;
    segments.last = layout.add(peepholes);
  }
  if (cell.normalized > 0) {
    Segment gains = bias;
    gains.name = name_of("gain");
    gains.role = Role::gain;
    segments.last = layout.add(gains);
  }
  if (cell.projects) {
    Segment projection = matrix(Role::projection, "weight_hr", 1, widths.units);
    projection.units = widths.outputs;
    projection.meaning = "one row a unit of the hidden state";
    segments.last = layout.add(projection);
  }
  const auto add_initial = [&](const char* state, int units) {
    Segment initial = matrix(Role::initial_state, state, 1, 1);
    initial.units = units;
    initial.vector = true;
    initial.meaning = "one value a unit";
    segments.initial.push_back(layout.add(initial));
  };
  if (trains_initial) add_initial("initial_hidden", widths.outputs);
  if (trains_initial && cell.has_cell_state) add_initial("initial_cell", widths.units);
  return segments;
}

template RecurrentSegments add_recurrent_layer(ParameterLayout&, const Cell<float>&,
                                               const LayerName&, const RecurrentWidths&, bool,
                                               bool);
template RecurrentSegments add_recurrent_layer(ParameterLayout&, const Cell<double>&,
                                               const LayerName&, const RecurrentWidths&, bool,
                                               bool);

}  // namespace rondo
