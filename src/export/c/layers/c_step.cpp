#include "export/c/layers/c_step.hpp"

#include <fmt/format.h>

#include "export/c/layers/c_layer.hpp"

namespace rondo {

TopKept top_kept(const CModel& model) {
  return {model.pools(), model.config().residual && model.layers.size() > 1};
}

void add_state_arrays(const CModel& model, const CLayer& layer, std::size_t number,
                      std::vector<StateArray>& arrays) {
  arrays.push_back({fmt::format("hidden_l{}", number), layer.outputs, &layer.initial_hidden});
  if (!model.cell->has_cell_state) return;
  arrays.push_back({fmt::format("cell_l{}", number), layer.units, &layer.initial_cell});
}

std::vector<StateArray> state_arrays(const CModel& model) {
  std::vector<StateArray> arrays;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    add_state_arrays(model, model.layers[i], i, arrays);
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
    begins_anywhere |= array.initial != nullptr && array.initial->is_there();
  }
  if (begins_anywhere) text += "  int u;\n";
  text += "  memset(state, 0, sizeof *state);\n";
  for (const StateArray& array : state_arrays(model)) {
    if (array.initial == nullptr || !array.initial->is_there()) continue;
    text += fmt::format("  for (u = 0; u < {0}; ++u) state->{1}[u] = @_flushed(@_{2}[u]);\n",
                        array.size, array.name, array.initial->name);
  }
  return text + "}\n";
}

std::string step_text(const CModel& model) {
  const bool has_symbols = model.reads_symbols();
  const TopKept kept = top_kept(model);
  std::string text = "\nvoid @_step(@_state *state, const @_input *input)\n{\n";
  text += fmt::format("  float x[{}];\n", model.width());
  for (std::size_t i = 1; kept.summed && i + 1 < model.layers.size(); ++i) {
    text += fmt::format("  float sum_l{}[{}];\n", i, model.layers[i].outputs);
  }
  if (has_symbols) text += c_row(model);
  if (has_symbols || kept.summed || kept.pooled) text += "  int u;\n";
  text += c_inputs(model);
  std::string below = "x";
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    std::string above = fmt::format("state->hidden_l{}", i);
    text += fmt::format("  {{ /* layer {}: {} to {} */\n", i, model.layers[i].inputs,
                        model.layers[i].outputs);
    text += c_layer(model, model.layers[i],
                    {.below = below, .hidden = above, .cell = fmt::format("state->cell_l{}", i)}) +
            "  }\n";
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
  }
  body += c_head(model, from);
  if (counts) text += "  int u;\n";
  return text + body + "}\n";
}

}  // namespace

std::string c_steps(const CModel& model) {
  return reset_text(model) + step_text(model) + output_text(model);
}

}  // namespace rondo
