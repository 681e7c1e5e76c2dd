#include "export/c/c_step.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/c/c_values.hpp"
#include "export/c/c_weights.hpp"

namespace rondo {

TopKept top_kept(const CModel& model) {
  return {model.pools(), model.config().residual && model.layers.size() > 1};
}

std::vector<StateArray> state_arrays(const CModel& model) {
  std::vector<StateArray> arrays;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const CLayer& layer = model.layers[i];
    arrays.push_back({fmt::format("hidden_l{}", i), layer.outputs, &layer.initial_hidden});
    if (!model.cell->has_cell_state) continue;
    arrays.push_back({fmt::format("cell_l{}", i), layer.units, &layer.initial_cell});
  }
  const TopKept kept = top_kept(model);
  const int width = model.layers.back().outputs;
  if (kept.summed) arrays.push_back({"top", width, nullptr});
  if (kept.pooled) arrays.push_back({"pooled", width, nullptr});
  return arrays;
}

namespace {

std::string reset_text(const CModel& model) {
  std::string text = "\nvoid @_reset(@_state *state)\n{\n";
  bool begins_anywhere = false;
  for (const StateArray& array : state_arrays(model)) {
    begins_anywhere |= array.initial != nullptr && !array.initial->values.empty();
  }
  if (begins_anywhere) text += "  int u;\n";
  text += "  memset(state, 0, sizeof *state);\n";
  for (const StateArray& array : state_arrays(model)) {
    if (array.initial == nullptr || array.initial->values.empty()) continue;
    text += fmt::format("  for (u = 0; u < {0}; ++u) state->{1}[u] = @_flushed(@_{2}[u]);\n",
                        array.size, array.name, array.initial->name);
  }
  return text + "}\n";
}

// The first layer's input, put together.
std::string inputs_text(const CModel& model) {
  std::string text;
  int at = 0;
  for (const CInput& input : model.inputs) {
    const Column& column = *input.column;
    if (!column.is_real()) {
      text += fmt::format(
          "  row = @_{} + (size_t)input->{} * {};\n"
          "  for (u = 0; u < {}; ++u) x[{} + u] = @_flushed({});\n",
          input.table.name, input.name, input.width, input.width, at,
          c_weight(input.table, "input->" + input.name, "row[u]"));
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

// What the elementwise part of a cell reads beside sums and states.
std::string own_weights(const CLayer& layer) {
  if (layer.peephole.is_there()) return ", @_" + layer.peephole.name;
  if (layer.gain.is_there()) return fmt::format(", @_{}, @_{}", layer.gain.name, layer.bias.name);
  return {};
}

// One layer of a step; `below` is what it reads.
std::string layer_text(const CModel& model, std::size_t number, const std::string& below) {
  const CLayer& layer = model.layers[number];
  const Config& config = model.config();
  const bool projects = model.cell->projects;
  const bool has_cell = model.cell->has_cell_state;
  const bool keeps_cell = has_cell && config.zoneout_cell > 0;
  const std::string hidden = fmt::format("state->hidden_l{}", number);
  const std::string cell = fmt::format("state->cell_l{}", number);
  std::string text =
      fmt::format("  {{ /* layer {}: {} to {} */\n", number, layer.inputs, layer.outputs);
  text += fmt::format("    float gates[{}];\n", model.cell->slots * layer.units);
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
  return text + "  }\n";
}

std::string step_text(const CModel& model) {
  const bool has_symbols = std::ranges::any_of(
      model.inputs, [](const CInput& input) { return !input.column->is_real(); });
  const TopKept kept = top_kept(model);
  std::string text = "\nvoid @_step(@_state *state, const @_input *input)\n{\n";
  text += fmt::format("  float x[{}];\n", model.width());
  for (std::size_t i = 1; kept.summed && i + 1 < model.layers.size(); ++i) {
    text += fmt::format("  float sum_l{}[{}];\n", i, model.layers[i].outputs);
  }
  if (has_symbols) {
    text += fmt::format("  const {} *row;\n", model.scales.empty() ? "float" : "int8_t");
  }
  if (has_symbols || kept.summed || kept.pooled) text += "  int u;\n";
  text += inputs_text(model);
  std::string below = "x";
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    text += layer_text(model, i, below);
    std::string above = fmt::format("state->hidden_l{}", i);
    if (kept.summed && i > 0) {
      const std::string sum =
          i + 1 == model.layers.size() ? "state->top" : fmt::format("sum_l{}", i);
      text += fmt::format("  for (u = 0; u < {}; ++u) {}[u] = @_flushed({}[u] + {}[u]);\n",
                          model.layers[i].outputs, sum, above, below);
      above = sum;
    }
    below = above;
  }
  if (kept.pooled) {
    const int width = model.layers.back().outputs;
    text +=
        model.config().pool == "mean"
            ? fmt::format("  for (u = 0; u < {}; ++u) state->pooled[u] += {}[u];\n", width, below)
            : fmt::format(
                  "  for (u = 0; u < {0}; ++u) {{\n"
                  "    if (state->steps == 0 || {1}[u] > state->pooled[u]) "
                  "state->pooled[u] = {1}[u];\n  }}\n",
                  width, below);
    text += "  ++state->steps;\n";
  }
  return text + "}\n";
}

std::string output_text(const CModel& model) {
  const int width = model.layers.back().outputs;
  const TopKept kept = top_kept(model);
  std::string from = fmt::format("state->hidden_l{}", model.layers.size() - 1);
  if (kept.summed) from = "state->top";
  std::string text = "\nvoid @_output(const @_state *state, float *output)\n{\n";
  std::string body;
  bool counts = false;
  if (kept.pooled) from = "state->pooled";
  if (kept.pooled && model.config().pool == "mean") {
    counts = true;
    text += fmt::format(
        "  const float share = (float)(1.0 / (double)state->steps);\n  float mean[{}];\n", width);
    body += fmt::format(
        "  for (u = 0; u < {}; ++u) mean[u] = @_flushed(@_product(state->pooled[u], share));\n",
        width);
    from = "mean";
  }
  if (model.is_tied()) {
    counts = true;
    text += "  int k;\n";
    const CMatrix& table = model.inputs.front().table;
    const std::string at = fmt::format("@_{}[(size_t)u * {} + (size_t)k]", table.name, width);
    body += fmt::format(
        "  for (u = 0; u < {}; ++u) {{\n"
        "    float sum = @_{}[u];\n"
        "    for (k = 0; k < {}; ++k) sum = fmaf({}, {}[k], sum);\n"
        "    output[u] = sum;\n  }}\n",
        model.outputs(), model.output_bias.name, width, c_weight(table, "u", at), from);
  } else {
    body += fmt::format("  memcpy(output, @_{0}, sizeof @_{0});\n  {1}\n", model.output_bias.name,
                        c_chains(model.output_weights, from, "output"));
  }
  if (counts) text += "  int u;\n";
  return text + body + "}\n";
}

}  // namespace

std::string c_steps(const CModel& model) {
  return reset_text(model) + step_text(model) + output_text(model);
}

}  // namespace rondo
