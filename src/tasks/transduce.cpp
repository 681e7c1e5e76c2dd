// From one sequence to another: many to many, of different lengths. Translation, letters to phones.
//
// What is read lies on a window's first axis, what is said on its second one: there a step reads
// the symbol before its own, the first one the symbol that ends what is said.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "data/baselines/word_for_word.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_targets.hpp"
#include "tasks/figures/text_figures.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

// Columns of tokens on the second axis.
constexpr int before_column = 0, said_column = 1;

const Column& said_in(const Columns& columns) {
  return columns[target_of(columns, ColumnScope::own)];
}

std::int64_t encoder_layers(const TaskSettings& config) {
  return config.encoder_layers > 0 ? config.encoder_layers : config.layers;
}
std::int64_t decoder_layers(const TaskSettings& config) {
  return config.decoder_layers > 0 ? config.decoder_layers : config.layers;
}

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
  stack.layers = encoder_layers(config);
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
  shape.layers = static_cast<int>(decoder_layers(config));
  shape.dropout_input = config.dropout_input;
  shape.dropout = config.dropout;
  shape.dropout_locked = config.dropout_locked;
  shape.attention = attention_of(config.attention);
  shape.feeding = config.input_feeding;
  return shape;
}

// The first text that the network reads.
std::optional<std::size_t> text_read(const Columns& columns) {
  const auto found = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && column.is_text();
  });
  if (found == columns.end()) return {};
  return static_cast<std::size_t>(found - columns.begin());
}

// Whether the first text that is read, and what is said, have the same symbols.
bool shares_vocabulary(const Columns& columns) {
  const std::optional<std::size_t> read = text_read(columns);
  return read && same_vocabulary(*columns[*read].vocabulary, *said_in(columns).vocabulary);
}

// All symbols of a column; of what is said without those that end it, and none that is not given.
struct Symbols {
  std::vector<std::int32_t> symbols;
  std::vector<std::int64_t> starts{0};

  WordForWord::Side side() const { return {symbols, starts}; }
};

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

class Transduce final : public SequenceTask {
 public:
  const char* name() const override { return "transduce"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::sequences; }

  Columns load_columns(const NamedState& state) const override {
    Columns columns = SequenceTask::load_columns(state);
    static_cast<void>(said_in(columns));
    return columns;
  }

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    std::erase(keys, "tied");
    for (const auto& own : transduce_settings().keys) std::erase(keys, own.name);
    keys.insert(keys.end(), {"pool", "class-weights", "recompute", "residual"});
    append_keys(keys, number_settings());
    append_keys(keys, sequence_settings());
    append_keys(keys, letter_settings());
    return keys;
  }

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const Column& said = said_in(columns);
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

  LossUnit loss_unit(const Columns&) const override { return LossUnit::perplexity; }

  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override;
  std::string figures_text(const std::string& what, const Evaluation& evaluation, const Dataset&,
                           const std::string& split) const override {
    return texts_text(what, evaluation, split);
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset&,
                    const std::string& split) const override {
    return texts_json(what, evaluation, split);
  }
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions&) const override;

  Json describe(const DatasetReader& file) const override;
  std::string describe_text(const Json& description) const override;
  std::string describe_training(const WindowSource& training) const override {
    const SequenceSource& sequences = *training.whole();
    return fmt::format("{}, to be said in {} steps, the longest of {}",
                       SequenceTask::describe_training(training), sequences.second_starts().back(),
                       std::ranges::max(sequences.second_lengths()));
  }
};

std::string Transduce::describe_inputs(const TaskSettings& config, const Columns& columns) const {
  const std::string attention = config.attention == "none" ? "no" : config.attention;
  return fmt::format("{}, layers that read {}, that say {}, {} attention{}",
                     SequenceTask::describe_inputs(config, columns), encoder_layers(config),
                     decoder_layers(config), attention, config.input_feeding ? " fed back" : "");
}

// Word for word, or, where no text is read, one text always: the first of train.
std::vector<Task::Baseline> Transduce::baselines(const Dataset& data, const std::string& split,
                                                 const BaselineOptions&) const {
  const Columns& columns = data.columns();
  const std::size_t target = target_of(columns, ColumnScope::own);
  const std::optional<std::size_t> read = text_read(columns);
  if (!read) throw_input("there is no baseline where no text is read");
  const auto training = data.split("train"), measured = data.split(split);
  const Symbols own = symbols_of(*training->whole(), columns, *read);
  const Symbols said = symbols_of(*training->whole(), columns, target);
  const WordForWord words(own.side(), columns[*read].vocabulary->size(), said.side());
  const Symbols to_read = symbols_of(*measured->whole(), columns, *read);
  const Symbols right = symbols_of(*measured->whole(), columns, target);
  std::vector<std::string> given, answers;
  Evaluation evaluation;
  for (std::size_t i = 0; i + 1 < right.starts.size(); ++i) {
    const auto symbols = right.side().sequence(i);
    if (symbols.empty()) continue;  // not given
    evaluation.targets += static_cast<std::int64_t>(symbols.size()) + 1;
    given.push_back(text_of(columns[target], symbols));
    answers.push_back(text_of(columns[target], words.say(to_read.side().sequence(i))));
  }
  evaluation.figures = text_figures(given, answers, columns[target].kind);
  evaluation.score = score_of(evaluation.figures.front());
  return {{fmt::format("{} for {}", columns[*read].name, columns[target].name), evaluation}};
}

Json Transduce::describe(const DatasetReader& file) const {
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

std::string Transduce::describe_text(const Json& description) const {
  std::string text = SequenceTask::describe_text(description);
  text += '\n';
  for (const auto& [name, split] : description["splits"].items()) {
    text += fmt::format("{:<12}{:>28} target steps\n", name, split["targets"].dump());
  }
  return text;
}

}  // namespace

const Task& transduce() {
  static const Transduce task;
  return task;
}

}  // namespace rondo::tasks
