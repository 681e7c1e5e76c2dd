#include "tasks/saying.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_targets.hpp"
#include "tasks/figures/text_figures.hpp"
#include "tasks/sequence_inputs.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

// Columns of tokens on the second axis.
constexpr int before_column = 0, said_column = 1;

AttentionKind attention_of(const std::string& name) {
  return name == "dot"        ? AttentionKind::dot
         : name == "general"  ? AttentionKind::general
         : name == "additive" ? AttentionKind::additive
                              : AttentionKind::none;
}

// What reads: a stack as that of any task, under a name of its own.
Signal add_encoder(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                   Signal& table) {
  NetworkSettings stack = config;
  stack.layers = config.reading_layers();
  return add_stack(plan, add_inputs(plan, config, columns, &table), stack, said_column,
                   "encoder.rnn");
}

DecoderShape decoder_of(const TaskSettings& config) {
  DecoderShape shape;
  const std::string stack = shape.layer.stack;
  shape.layer = layer_of(config);
  shape.layer.stack = stack;
  shape.layer.bidirectional = false;
  shape.layer.trained_initial_state = false;  // they begin with what was read
  shape.layers = static_cast<int>(config.saying_layers());
  shape.dropout_input = config.dropout_input;
  shape.dropout = config.dropout;
  shape.dropout_locked = config.dropout_locked;
  shape.attention = attention_of(config.attention);
  shape.feeding = config.input_feeding;
  return shape;
}

// Whether the first text that is read, and what is said, have the same symbols.
bool shares_vocabulary(const Columns& columns) {
  const std::optional<std::size_t> read = text_read(columns);
  return read &&
         same_vocabulary(*columns[*read].vocabulary, *columns[said_place(columns)].vocabulary);
}

}  // namespace

std::size_t said_place(const Columns& columns) { return target_of(columns, ColumnScope::own); }

std::optional<std::size_t> text_read(const Columns& columns) {
  const auto found = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && column.is_text();
  });
  if (found == columns.end()) return {};
  return static_cast<std::size_t>(found - columns.begin());
}

Symbols symbols_of(const SequenceSource& sequences, const Columns& columns, std::size_t number) {
  const Column& column = columns[number];
  const std::vector<std::int64_t> starts = target_starts(sequences, column.scope);
  std::vector<std::int32_t> all(static_cast<std::size_t>(starts.back()));
  sequences.read(static_cast<int>(number), 0, all);
  Symbols own;
  const std::int32_t end = column.has_own_steps() ? column.vocabulary->end() : -1;
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    for (std::int64_t at = starts[i]; at < starts[i + 1]; ++at) {
      const std::int32_t symbol = all[static_cast<std::size_t>(at)];
      if (symbol >= 0 && symbol != end) own.symbols.push_back(symbol);
    }
    own.starts.push_back(static_cast<std::int64_t>(own.symbols.size()));
  }
  return own;
}

Evaluation judge_baseline(const SequenceSource& measured, const Columns& columns,
                          const std::function<std::vector<std::int32_t>(std::size_t)>& say) {
  const Column& said = columns[said_place(columns)];
  const Symbols right = symbols_of(measured, columns, said_place(columns));
  std::vector<std::string> given, answers;
  Evaluation evaluation;
  for (std::size_t i = 0; i + 1 < right.starts.size(); ++i) {
    const auto symbols = right.side().sequence(i);
    if (symbols.empty()) continue;  // not given
    evaluation.targets += static_cast<std::int64_t>(symbols.size()) + 1;
    given.push_back(text_of(said, symbols));
    answers.push_back(text_of(said, say(i)));
  }
  evaluation.figures = text_figures(given, answers, said.kind);
  evaluation.score = score_of(evaluation.figures.front());
  return evaluation;
}

Columns SayingTask::load_columns(const NamedState& state) const {
  Columns columns = SequenceTask::load_columns(state);
  static_cast<void>(said_place(columns));
  return columns;
}

std::vector<std::string> SayingTask::foreign_keys() const {
  std::vector<std::string> keys = SequenceTask::foreign_keys();
  std::erase(keys, "tied");
  for (const auto& own : transduce_settings().keys) std::erase(keys, own.name);
  keys.insert(keys.end(), {"pool", "class-weights", "recompute", "residual"});
  append_keys(keys, number_settings());
  append_keys(keys, sequence_settings());
  append_keys(keys, letter_settings());
  return keys;
}

// What is said has embeddings, whatever is read.
std::vector<IdleName> SayingTask::idle_keys(const TaskSettings& config,
                                            const Columns& stored) const {
  std::vector<IdleName> idle = SequenceTask::idle_keys(config, stored);
  std::erase_if(idle, [](const IdleName& key) {
    return key.name == "embedding" || key.name == "dropout-embedding";
  });
  return idle;
}

NetworkPlan SayingTask::model(const TaskSettings& config, const Columns& columns) const {
  NetworkPlan plan(config.seed);
  const Column& said = columns[said_place(columns)];
  const int symbols = said.vocabulary->size();
  Signal table_read;
  const Signal read = add_encoder(plan, config, columns, table_read);
  const Signal table =
      config.tied && shares_vocabulary(columns)
          ? plan.same_table(table_read, before_column, config.dropout_embedding, said.axis())
          : plan.embedding(before_column, symbols, static_cast<int>(config.embedding),
                           config.dropout_embedding, said.axis());
  Signal top = plan.decoder(read, table, decoder_of(config));
  top = plan.dropout(top, config.dropout_output, config.dropout_locked);
  plan.softmax(top, said_column, symbols, config.label_smoothing, {},
               config.tied ? table : Signal{});
  return plan;
}

std::string SayingTask::describe_inputs(const TaskSettings& config, const Columns& columns) const {
  const std::string attention = config.attention == "none" ? "no" : config.attention;
  return fmt::format("{}, layers that read {}, that say {}, {} attention{}",
                     SequenceTask::describe_inputs(config, columns), config.reading_layers(),
                     config.saying_layers(), attention, config.input_feeding ? " fed back" : "");
}

std::string SayingTask::figures_text(const std::string& what, const Evaluation& evaluation,
                                     const Dataset&, const std::string& split) const {
  return texts_text(what, evaluation, split);
}

Json SayingTask::figures_json(const std::string& what, const Evaluation& evaluation, const Dataset&,
                              const std::string& split) const {
  return texts_json(what, evaluation, split);
}

Json SayingTask::describe(const DatasetReader& file) const {
  Json description = SequenceTask::describe(file);
  for (auto& [name, split] : description["splits"].items()) {
    const std::string key = name + "/target_starts";
    const NamedArray& array = file.small().get(key);
    const auto starts = file.small().get<std::int64_t>(key, array.shape);
    if (starts.empty()) throw_input("'{}' has no sequences in {}", file.path().string(), key);
    split["targets"] = starts.back();
  }
  return description;
}

std::string SayingTask::describe_text(const Json& description) const {
  std::string text = SequenceTask::describe_text(description);
  text += '\n';
  for (const auto& [name, split] : description["splits"].items()) {
    text += fmt::format("{:<12}{:>28} target steps\n", name, split["targets"].dump());
  }
  return text;
}

std::string SayingTask::describe_training(const WindowSource& training) const {
  const SequenceSource& sequences = *training.whole();
  return fmt::format("{}, to be said in {} steps, the longest of {}",
                     SequenceTask::describe_training(training), sequences.second_starts().back(),
                     std::ranges::max(sequences.second_lengths()));
}

}  // namespace rondo::tasks
