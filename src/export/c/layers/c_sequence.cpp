#include "export/c/layers/c_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/c/layers/c_layer.hpp"
#include "export/c/layers/c_pool.hpp"

namespace rondo {
namespace {

// Numbers of a step in the two parts of the work: what layers 0, 2, ... read, and what they write.
struct Widths {
  int even, odd;
};

Widths widths_of(const CModel& model) {
  Widths widths{model.width(), model.top()};
  if (model.layers.size() > 1) widths.even = std::max(widths.even, model.top());
  return widths;
}

std::string read_text(const CModel& model) {
  std::string text = "\n/* What the first layer reads. */\n";
  text += "static void @_read(const @_input *input, float *x)\n{\n";
  if (model.reads_symbols()) text += c_row(model) + "  int u;\n";
  return text + c_inputs(model) + "}\n";
}

std::string function_of(std::size_t number, bool reversed) {
  return fmt::format("@_layer_l{}{}", number, reversed ? "_reverse" : "");
}

std::string layer_text(const CModel& model, std::size_t number, bool reversed) {
  const CLayer& layer = reversed ? model.reversed[number] : model.layers[number];
  std::string text = fmt::format(
      "\n/* Layer {}, from the {}: {} to {}. */\n"
      "static void {}(const float *below, int count, float *above)\n{{\n"
      "  float hidden[{}];\n",
      number, reversed ? "last step to the first" : "first step to the last", layer.inputs,
      layer.outputs, function_of(number, reversed), layer.outputs);
  const bool has_cell = model.cell->has_cell_state;
  if (has_cell) text += fmt::format("  float cell[{}];\n", layer.units);
  text += "  int t;\n";
  const auto begin = [&](const char* state, const CMatrix& initial) {
    text += initial.is_there()
                ? fmt::format("  for (t = 0; t < {}; ++t) {}[t] = @_flushed(@_{}[t]);\n",
                              initial.rows, state, initial.name)
                : fmt::format("  memset({0}, 0, sizeof {0});\n", state);
  };
  begin("hidden", layer.initial_hidden);
  if (has_cell) begin("cell", layer.initial_cell);
  text += reversed ? "  for (t = count; t-- > 0;) {\n" : "  for (t = 0; t < count; ++t) {\n";
  text += fmt::format("    const float *x = below + (size_t)t * {};\n", layer.inputs);
  text += c_layer(model, layer, {.below = "x", .hidden = "hidden", .cell = "cell"});
  text += fmt::format("    memcpy(above + (size_t)t * {} + {}, hidden, sizeof hidden);\n",
                      model.top(), reversed ? model.layers[number].outputs : 0);
  return text + "  }\n}\n";
}

std::string said_text(const CModel& model) {
  std::string text = "\nstatic void @_said(const float *top, float *output)\n{\n";
  return text + c_head(model, "top") + "}\n";
}

}  // namespace

std::int64_t c_work_floats(const CModel& model) {
  const Widths widths = widths_of(model);
  return std::int64_t{widths.even} + widths.odd;
}

std::string c_layers(const CModel& model) {
  std::string text = read_text(model);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    text += layer_text(model, i, false);
    if (!model.reversed.empty()) text += layer_text(model, i, true);
  }
  return text;
}

CPassage c_passage(const CModel& model) {
  CPassage passage;
  passage.top = "even";
  passage.other = "odd";
  auto& [declarations, text, below, above] = passage;
  declarations = fmt::format("  float *even = work, *odd = work + (size_t)count * {};\n",
                             widths_of(model).even);
  text = fmt::format("  for (t = 0; t < count; ++t) @_read(steps + t, even + (size_t)t * {});\n",
                     model.width());
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    for (const bool reversed : {false, true}) {
      if (reversed && model.reversed.empty()) continue;
      text += fmt::format("  {}({}, count, {});\n", function_of(i, reversed), below, above);
    }
    if (i > 0 && model.config().residual) {
      text += fmt::format("  for (i = 0; i < {0}; ++i) {1}[i] = @_flushed({1}[i] + {2}[i]);\n",
                          fmt::format("(size_t)count * {}", model.top()), above, below);
    }
    std::swap(below, above);
  }
  return passage;
}

std::string c_sequence(const CModel& model) {
  const CPassage passage = c_passage(model);
  std::string text = c_layers(model);
  if (!model.says_steps()) text += c_pool(model);
  text += said_text(model);
  text += "\nvoid @_sequence(const @_input *steps, int count, float *work, float *output)\n{\n";
  text += passage.declarations;
  if (!model.says_steps()) text += fmt::format("  float top[{}];\n", model.top());
  if (model.config().residual && model.layers.size() > 1) text += "  size_t i;\n";
  text += "  int t;\n" + passage.statements;
  text += model.says_steps()
              ? fmt::format(
                    "  for (t = 0; t < count; ++t) @_said({} + (size_t)t * {}, "
                    "output + (size_t)t * @@_OUTPUTS);\n",
                    passage.top, model.top())
              : fmt::format("  @_pooled({}, count, {}, top);\n  @_said(top, output);\n",
                            passage.top, passage.other);
  return text + "}\n";
}

}  // namespace rondo
