#include "export/c/layers/c_layer.hpp"

#include <fmt/format.h>

#include "export/c/weights/c_weights.hpp"
#include "export/c/words/c_values.hpp"

namespace rondo {
namespace {

// What the elementwise part of a cell reads beside sums and states.
std::string own_weights(const CLayer& layer) {
  if (layer.peephole.is_there()) return ", @_" + layer.peephole.name;
  if (layer.gain.is_there()) return fmt::format(", @_{}, @_{}", layer.gain.name, layer.bias.name);
  return {};
}

}  // namespace

std::string c_inputs(const CModel& model) {
  std::string text;
  int at = 0;
  for (const CInput& input : model.inputs) {
    const Column& column = *input.column;
    if (!column.is_real()) {
      text += c_row_of_table(input.table, "input->" + input.name, at);
    } else {
      for (int i = 0; i < column.width; ++i) {
        const auto number = static_cast<std::size_t>(i);
        const std::string value = fmt::format("input->{}[{}]", input.name, i);
        const std::string scaled =
            fmt::format("@_flushed((float)(({} - {}) * {}))", value, c_number(column.mean[number]),
                        c_number(1.0 / column.deviation[number]));
        if (!column.masks_missing) {
          text += fmt::format("  x[{}] = {};\n", at + i, scaled);
          continue;
        }
        text += fmt::format("  x[{0}] = {1} != {1} ? 0.0f : {2};\n", at + i, value, scaled);
        text += fmt::format("  x[{0}] = {1} != {1} ? 1.0f : 0.0f;\n", at + column.width + i, value);
      }
    }
    at += input.width;
  }
  return text;
}

std::string c_row_of_table(const CMatrix& table, const std::string& symbol, int at) {
  return fmt::format(
      "  row = @_{} + (size_t){} * {};\n"
      "  for (u = 0; u < {}; ++u) x[{} + u] = @_flushed({});\n",
      table.name, symbol, table.columns, table.columns, at, c_weight(table, symbol, "row[u]"));
}

std::string c_row(const CModel& model) {
  return fmt::format("  const {} *row;\n", model.scales.empty() ? "float" : "int8_t");
}

std::string c_layer(const CModel& model, const CLayer& layer, const CLayerNames& names) {
  const auto& [below, hidden, cell, fed] = names;
  const Config& config = model.config();
  const bool projects = model.cell->projects;
  const bool has_cell = model.cell->has_cell_state;
  const bool keeps_cell = has_cell && config.zoneout_cell > 0;
  std::string text = fmt::format("    float gates[{}];\n", model.cell->slots * layer.units);
  if (projects) text += fmt::format("    float made[{}];\n    int u;\n", layer.units);
  if (config.zoneout > 0) text += fmt::format("    float hidden_before[{}];\n", layer.outputs);
  if (keeps_cell) text += fmt::format("    float cell_before[{}];\n", layer.units);
  if (config.zoneout > 0) {
    text += fmt::format("    memcpy(hidden_before, {}, sizeof hidden_before);\n", hidden);
  }
  if (keeps_cell) text += fmt::format("    memcpy(cell_before, {}, sizeof cell_before);\n", cell);
  text += model.cell->normalized > 0
              ? "    memset(gates, 0, sizeof gates);\n"
              : fmt::format("    memcpy(gates, @_{}, sizeof gates);\n", layer.bias.name);
  text += c_gate_chains(layer.weights, model.cell->input_slots, layer.units, below);
  if (layer.feeding.is_there()) {
    text += c_gate_chains(layer.feeding, model.cell->input_slots, layer.units, fed);
  }
  text += c_gate_chains(layer.recurrent, model.cell->recurrent_slots, layer.units, hidden);
  text += fmt::format("    @_cell(gates, {}, {}, {}{});\n", has_cell ? cell : hidden,
                      projects ? "made" : hidden, layer.units, own_weights(layer));
  if (projects) {
    text += fmt::format(
        "    memset({0}, 0, sizeof {0});\n"
        "    {1}\n"
        "    for (u = 0; u < {2}; ++u) {0}[u] = @_flushed({0}[u]);\n",
        hidden, c_chains(layer.projection, "made", hidden), layer.outputs);
  }
  const auto keep = [&](const char* before, const std::string& state, int units, double kept) {
    text +=
        fmt::format("    @_keep({}, {}, {}, {}, {});\n", before, state, units,
                    c_number(static_cast<float>(kept)), c_number(static_cast<float>(1.0 - kept)));
  };
  if (config.zoneout > 0) keep("hidden_before", hidden, layer.outputs, config.zoneout);
  if (keeps_cell) keep("cell_before", cell, layer.units, config.zoneout_cell);
  return text;
}

std::string c_head(const CModel& model, const std::string& from) {
  if (model.is_tied()) {
    const CMatrix& table = model.said_table();
    const std::string at =
        fmt::format("@_{}[(size_t)u * {} + (size_t)k]", table.name, table.columns);
    return fmt::format(
        "  for (u = 0; u < {}; ++u) {{\n"
        "    float sum = @_{}[u];\n"
        "    for (k = 0; k < {}; ++k) sum = fmaf({}, {}[k], sum);\n"
        "    output[u] = sum;\n  }}\n",
        model.outputs(), model.output_bias.name, table.columns, c_weight(table, "u", at), from);
  }
  return fmt::format("  memcpy(output, @_{0}, sizeof @_{0});\n  {1}\n", model.output_bias.name,
                     c_chains(model.output_weights, from, "output"));
}

}  // namespace rondo
