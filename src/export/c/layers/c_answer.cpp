#include "export/c/layers/c_answer.hpp"

#include <fmt/format.h>

#include "export/c/layers/c_layer.hpp"
#include "export/c/layers/c_pool.hpp"
#include "export/c/layers/c_sequence.hpp"
#include "export/c/weights/c_weights.hpp"

namespace rondo {
namespace {

// Units of a key; of products of the encoder's states these are the keys.
int key_units(const CModel& model) {
  const CMatrix& weights = model.decoder->key_weights;
  return weights.is_there() ? weights.rows : model.top();
}

bool has_keys(const CModel& model) { return model.decoder->key_weights.is_there(); }

// Of the step that is said what the outputs are made of.
std::string said_from(const CModel& model) {
  return model.decoder->attends()
             ? "state->attended"
             : fmt::format("state->hidden_l{}", model.decoder->layers.size() - 1);
}

std::string times_weights(const CMatrix& matrix, const std::string& from, const std::string& to) {
  return "  " + c_chains(matrix, from, to) + "\n";
}

// to = tanh(to), of `units` units.
std::string through_tanh(const std::string& to, int units) {
  return fmt::format("  for (u = 0; u < {0}; ++u) {1}[u] = @_flushed(@_tanh({1}[u]));\n", units,
                     to);
}

std::string keys_text(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  const int units = key_units(model);
  std::string text = "\n/* What attention compares with, of each step that was read. */\n";
  text += "static void @_make_keys(const float *source, int count, float *keys)\n{\n  int t, u;\n";
  text += fmt::format("  for (t = 0; t < count; ++t, source += {}, keys += {}) {{\n", model.top(),
                      units);
  text += decoder.key_bias.is_there()
              ? fmt::format("    memcpy(keys, @_{0}, sizeof @_{0});\n", decoder.key_bias.name)
              : fmt::format("    memset(keys, 0, {} * sizeof *keys);\n", units);
  text += "  " + times_weights(decoder.key_weights, "source", "keys");
  text += fmt::format("    for (u = 0; u < {}; ++u) keys[u] = @_flushed(keys[u]);\n", units);
  return text + "  }\n}\n";
}

// A share for each step that was read; of these its states' mean; and what becomes of it.
std::string attention_text(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  const int units = key_units(model);
  const bool additive = decoder.score.is_there();
  std::string text = "\n/* What is seen of what was read, and what becomes of it. */\n";
  text += "static void @_attend(@_state *state, const float *hidden)\n{\n";
  if (additive) text += fmt::format("  float query[{0}], units[{0}];\n", units);
  text += fmt::format("  float context[{}];\n", model.top());
  text += fmt::format("  const float *key = state->{};\n", has_keys(model) ? "keys" : "source");
  text += "  int t, u;\n";
  if (additive) {
    text += "  memset(query, 0, sizeof query);\n";
    text += times_weights(decoder.query, "hidden", "query");
    text += fmt::format("  for (u = 0; u < {}; ++u) query[u] = @_flushed(query[u]);\n", units);
    text += fmt::format(
        "  for (t = 0; t < state->count; ++t, key += {0}) {{\n"
        "    for (u = 0; u < {0}; ++u) units[u] = @_tanh(query[u] + key[u]);\n"
        "    state->shares[t] = @_sum(@_{1}, units, {0});\n  }}\n",
        units, decoder.score.name);
  } else {
    text += fmt::format(
        "  for (t = 0; t < state->count; ++t, key += {0}) {{\n"
        "    state->shares[t] = @_sum(hidden, key, {0});\n  }}\n",
        units);
  }
  text += "  @_weigh(state->shares, state->count);\n";
  text += "  memset(context, 0, sizeof context);\n";
  text += fmt::format("  @_chains(state->source, state->shares, state->count, context, {});\n",
                      model.top());
  text +=
      fmt::format("  for (u = 0; u < {}; ++u) context[u] = @_flushed(context[u]);\n", model.top());
  text += "  memset(state->attended, 0, sizeof state->attended);\n";
  text += times_weights(decoder.context_weights, "context", "state->attended");
  text += times_weights(decoder.hidden_weights, "hidden", "state->attended");
  text += through_tanh("state->attended", decoder.context_weights.rows);
  return text + "}\n";
}

std::string bridge_text(const CBridge& bridge, const std::string& to) {
  if (!bridge.is_there()) return {};  // of a cell without such a state
  return fmt::format("  memcpy({0}, @_{1}, sizeof {0});\n", to, bridge.bias.name) +
         times_weights(bridge.weights, "ends", to) + through_tanh(to, bridge.weights.rows);
}

std::string begin_text(const CModel& model) {
  const CPassage passage = c_passage(model);
  const CDecoder& decoder = *model.decoder;
  std::string text =
      "\nvoid @_begin(@_state *state, const @_input *steps, int count, float *work)\n{\n";
  text += passage.declarations;
  text += fmt::format("  float ends[{}]; /* what each direction says last */\n", model.top());
  text += "  int t, u;\n";
  text += passage.statements;
  text += "  memset(state, 0, sizeof *state);\n";
  const std::string& top = passage.top;
  if (decoder.attends()) {
    text += fmt::format(
        "  state->source = {};\n  state->count = count;\n"
        "  state->shares = work + (size_t)count * {};\n",
        top, c_work_floats(model));
    if (has_keys(model)) {
      text += fmt::format("  @_make_keys({}, count, state->shares + count);\n", top);
      text += "  state->keys = state->shares + count;\n";
    }
  }
  text += c_ends(model, top, "ends");
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    text += bridge_text(decoder.layers[i].hidden, fmt::format("state->hidden_l{}", i));
    text += bridge_text(decoder.layers[i].cell, fmt::format("state->cell_l{}", i));
  }
  return text + "}\n";
}

std::string step_text(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  std::string text = "\nvoid @_step(@_state *state, int32_t symbol)\n{\n";
  text += fmt::format("  float x[{}];\n", decoder.table.columns) + c_row(model) + "  int u;\n";
  text += c_row_of_table(decoder.table, "symbol", 0);
  std::string below = "x";
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    const std::string hidden = fmt::format("state->hidden_l{}", i);
    text += fmt::format("  {{ /* layer {}: {} to {} */\n", i, decoder.layers[i].inputs,
                        decoder.layers[i].outputs);
    text += c_layer(model, decoder.layers[i],
                    {.below = below,
                     .hidden = hidden,
                     .cell = fmt::format("state->cell_l{}", i),
                     .fed = "state->attended"});
    text += "  }\n";
    below = hidden;
  }
  if (decoder.attends()) text += fmt::format("  @_attend(state, {});\n", below);
  return text + "}\n";
}

std::string output_text(const CModel& model) {
  std::string text = "\nvoid @_output(const @_state *state, float *output)\n{\n";
  if (model.is_tied()) text += "  int k, u;\n";
  return text + c_head(model, said_from(model)) + "}\n";
}

std::string answer_text(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  const std::string passed_over =
      decoder.unknown >= 0 ? fmt::format("      if (i == {}) continue;\n", decoder.unknown) : "";
  return fmt::format(
      "\nint @_answer(const @_input *steps, int count, float *work, int32_t *symbols, int most)\n"
      "{{\n"
      "  @_state state;\n"
      "  float output[@@_OUTPUTS];\n"
      "  int32_t symbol = @@_END;\n"
      "  int i, said = 0;\n"
      "  @_begin(&state, steps, count, work);\n"
      "  while (said < most) {{\n"
      "    @_step(&state, symbol);\n"
      "    @_output(&state, output);\n"
      "    symbol = -1;\n"
      "    for (i = 0; i < @@_OUTPUTS; ++i) {{\n"
      "{}"
      "      if (symbol < 0 || output[i] > output[symbol]) symbol = i;\n"
      "    }}\n"
      "    if (symbol == @@_END) break;\n"
      "    symbols[said++] = symbol;\n"
      "  }}\n"
      "  return said;\n"
      "}}\n",
      passed_over);
}

}  // namespace

std::vector<StateArray> answer_arrays(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  std::vector<StateArray> arrays;
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    add_state_arrays(model, decoder.layers[i], i, arrays);
  }
  if (decoder.attends()) arrays.push_back({"attended", decoder.context_weights.rows, nullptr});
  return arrays;
}

std::string c_answer_fields(const CModel& model) {
  if (!model.decoder->attends()) return {};
  std::string text = "  const float *source; /* in the work: what was read */\n";
  if (has_keys(model)) text += "  const float *keys;\n";
  return text +
         "  float *shares; /* of each step that was read at the last @_step, of 1 */\n"
         "  int count;\n";
}

std::int64_t c_answer_work_floats(const CModel& model) {
  if (!model.decoder->attends()) return c_work_floats(model);
  return c_work_floats(model) + 1 + (has_keys(model) ? key_units(model) : 0);
}

std::int64_t c_answer_stack_floats(const CModel& model) {
  const std::int64_t attention = model.decoder->attends() ? model.top() + 2 * key_units(model) : 0;
  return model.decoder->table.columns + attention;
}

std::string c_answering(const CModel& model) {
  std::string text = c_layers(model);
  if (has_keys(model)) text += keys_text(model);
  if (model.decoder->attends()) text += attention_text(model);
  return text + begin_text(model) + step_text(model) + output_text(model) + answer_text(model);
}

}  // namespace rondo
