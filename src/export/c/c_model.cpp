#include "export/c/c_model.hpp"

#include <algorithm>
#include <string_view>

#include "export/c/layers/c_cells.hpp"
#include "export/c/words/c_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view tasks[] = {"text",    "classify",  "label",
                                      "regress", "transduce", "caption"};

constexpr std::string_view stack_ending = "rnn.";

// Why no C file is written of a model; empty: one is.
std::string why_not(const SavedModel<float>& saved) {
  const Config& config = saved.config;
  if (std::ranges::find(tasks, saved.task.name()) == std::end(tasks)) {
    return fmt::format(
        "it is of the task '{}', and --to c is for text, classify, label, regress, transduce and "
        "caption",
        saved.task.name());
  }
  if (c_cell_text(config.cell).empty()) {
    return fmt::format("--to c does not write the cell '{}'", config.cell);
  }
  if (reads_letters(saved)) {
    return "--to c does not write networks that read the letters of words";
  }
  for (const Column& column : saved.columns) {
    if (column.features) {
      return fmt::format(
          "'{}' are files, and --to c does not write how numbers are made of sound and pictures",
          column.name);
    }
  }
  return {};
}

// Without "rnn." in its name.
CMatrix matrix_of(const CModel& model, const std::string& name) {
  std::string shorter = name;
  const std::size_t at = name.find(stack_ending);
  if (at != std::string::npos) shorter.erase(at, stack_ending.size());
  CMatrix matrix{parameter(*model.saved, name), c_identifier(shorter)};
  const auto scales = model.scales.find(name);
  if (scales != model.scales.end()) matrix.scales = scales->second;
  return matrix;
}

std::vector<CInput> inputs_of(const CModel& model) {
  std::vector<CInput> inputs;
  std::vector<std::string> taken;
  for (const auto& [column, table] : columns_read(*model.saved)) {
    CInput input{.name = c_identifier(column->name), .column = column, .width = column->inputs()};
    while (std::ranges::find(taken, input.name) != taken.end()) input.name += '_';
    taken.push_back(input.name);
    if (!column->is_real()) {
      input.table = matrix_of(model, table);
      input.width = input.table.columns;
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

// `stack`: "rnn.", "encoder.rnn." or "decoder.rnn.".
CLayer layer_of(const CModel& model, const std::string& stack, std::int64_t number,
                const char* direction) {
  const auto of = [&](const char* name) {
    return matrix_of(model, fmt::format("{}{}_l{}{}", stack, name, number, direction));
  };
  CLayer layer;
  layer.weights = of("weight_ih");
  layer.recurrent = of("weight_hh");
  layer.bias = of("bias");
  layer.gain = of("gain");
  layer.peephole = of("peephole");
  layer.projection = of("weight_hr");
  layer.initial_hidden = of("initial_hidden");
  layer.initial_cell = of("initial_cell");
  layer.feeding = of("weight_fh");
  layer.inputs = layer.weights.columns;
  layer.outputs = layer.recurrent.columns;
  layer.units = static_cast<int>(model.config().hidden);
  return layer;
}

CDecoder decoder_of(const CModel& model) {
  const auto of = [&](const std::string& name) { return matrix_of(model, name); };
  const Vocabulary& symbols = *model.target->vocabulary;
  CDecoder decoder;
  decoder.table = of(table_said(*model.saved));
  for (std::int64_t i = 0; i < model.config().saying_layers(); ++i) {
    const auto bridge = [&](const char* state) -> CBridge {
      const std::string name = fmt::format("bridge.{}_l{}", state, i);
      return {of(name + ".weight"), of(name + ".bias")};
    };
    decoder.layers.push_back(
        {layer_of(model, "decoder.rnn.", i, ""), bridge("hidden"), bridge("cell")});
  }
  decoder.key_weights = of("attention.key.weight");
  decoder.key_bias = of("attention.key.bias");
  decoder.query = of("attention.query.weight");
  decoder.score = of("attention.score");
  decoder.context_weights = of("attention.context.weight");
  decoder.hidden_weights = of("attention.hidden.weight");
  decoder.end = symbols.end();
  decoder.unknown = symbols.unknown();
  return decoder;
}

}  // namespace

CUse CModel::use() const {
  if (decoder) return CUse::answers;
  return reversed.empty() && !pool_score.is_there() ? CUse::steps : CUse::sequence;
}

int CModel::width() const {
  int width = 0;
  for (const CInput& input : inputs) width += input.width;
  return width;
}

int CModel::top() const { return layers.back().outputs * (reversed.empty() ? 1 : 2); }

bool CModel::reads_symbols() const {
  return std::ranges::any_of(inputs, [](const CInput& input) { return !input.column->is_real(); });
}

CModel c_model(const SavedModel<float>& saved, const std::string& where, RowScales scales) {
  const std::string why = why_not(saved);
  if (!why.empty()) throw_input("{}: {}", where, why);
  CModel model;
  model.saved = &saved;
  model.scales = std::move(scales);
  model.cell = &find_cell<float>(saved.config.cell);
  model.target = &column_said(saved);
  model.inputs = inputs_of(model);
  const bool says_texts = model.target->has_own_steps();
  const std::string stack = says_texts ? "encoder.rnn." : "rnn.";
  const std::int64_t layers = says_texts ? saved.config.reading_layers() : saved.config.layers;
  for (std::int64_t i = 0; i < layers; ++i) {
    model.layers.push_back(layer_of(model, stack, i, ""));
    if (saved.config.bidirectional) model.reversed.push_back(layer_of(model, stack, i, "_reverse"));
  }
  if (says_texts) model.decoder = decoder_of(model);
  model.pool_weights = matrix_of(model, "pool.weight");
  model.pool_bias = matrix_of(model, "pool.bias");
  model.pool_score = matrix_of(model, "pool.score");
  model.output_bias = matrix_of(model, "output.bias");
  model.output_weights = matrix_of(model, "output.weight");
  return model;
}

}  // namespace rondo
