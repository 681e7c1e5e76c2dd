#include "tasks/sequence_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/features/file_features.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/data/augmented_sequences.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/packing_advice.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t longest_usual_window = 64;

PackingShape training_shape(const TaskSettings& config, const WindowSource& training) {
  LaneLayout layout;
  layout.lanes = layout.last_lane = config.lanes;
  layout.window = config.window;
  layout.seed = config.seed;
  layout.carried = config.carries_state();
  layout.target_window = config.target_window;
  layout.thinning = config.thinning();
  return dynamic_cast<const PackedWindows&>(training).shape(layout);
}

bool has_one_target(const Columns& columns) {
  return std::ranges::any_of(columns, [](const Column& column) {
    return column.role == ColumnRole::target && column.scope == ColumnScope::sequence;
  });
}

bool has_any_given(const SequenceSource& sequences, int column, bool is_real, std::size_t values) {
  if (is_real) {
    std::vector<double> given(values);
    sequences.read(column, 0, given);
    return std::ranges::any_of(given, [](double value) { return !std::isnan(value); });
  }
  std::vector<std::int32_t> given(values);
  sequences.read(column, 0, given);
  return std::ranges::any_of(given, [](std::int32_t value) { return value >= 0; });
}

std::int32_t longest_of(const SequenceSource& sequences) {
  return std::ranges::max(sequences.lengths());
}

// A layer over each word's letters; both directions' last states at the word's step. A cell that
// projects is an LSTM here, which has few units already.
Signal add_letters(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                   std::size_t letters) {
  RecurrentShape layer = layer_of(config);
  if (layer.projection > 0) layer.cell = "lstm";
  layer.projection = 0;
  layer.hidden = static_cast<int>(config.letters_hidden);
  layer.bidirectional = true;
  layer.stack = "letters";
  const Signal table =
      plan.embedding(token_column(columns, letters), columns[letters].vocabulary->size(),
                     static_cast<int>(config.letters_embedding), 0, columns[letters].axis());
  return plan.gather_ends(plan.recurrent(table, layer));
}

}  // namespace

Signal add_inputs(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                  Signal* table) {
  std::vector<Signal> inputs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.role == ColumnRole::target) continue;
    if (column.has_letters()) {
      if (config.letters_hidden > 0) inputs.push_back(add_letters(plan, config, columns, i));
    } else if (column.is_real()) {
      inputs.push_back(plan.numbers(real_column(columns, i), column.inputs()));
    } else {
      inputs.push_back(plan.embedding(token_column(columns, i), column.vocabulary->size(),
                                      static_cast<int>(config.embedding),
                                      config.dropout_embedding));
      if (table != nullptr && table->number < 0 && column.is_text()) *table = inputs.back();
    }
  }
  if (inputs.empty()) throw_input("the data set has no source column: prepare it with --source");
  return plan.side_by_side(inputs);
}

std::size_t target_of(const Columns& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role == ColumnRole::target) return i;
  }
  throw_input("the data set has no target column: prepare it with --target NAME");
}

Pooling pooling_of(const std::string& name) {
  return name == "mean"        ? Pooling::mean
         : name == "max"       ? Pooling::maximum
         : name == "attention" ? Pooling::attention
                               : Pooling::last;
}

Columns SequenceTask::load_columns(const NamedState& state) const {
  return rondo::load_columns(state, "the columns");
}

void SequenceTask::save_columns(const Columns& columns, NamedState& state) const {
  rondo::save_columns(columns, state);
}

bool SequenceTask::same_columns(const Columns& a, const Columns& b) const {
  NamedState state_a, state_b;
  save_columns(a, state_a);
  save_columns(b, state_b);
  // How often symbols occur in training is no matter of what they mean.
  std::erase_if(state_a.arrays(),
                [](const auto& named) { return named.first.ends_with("/counts"); });
  std::erase_if(state_b.arrays(),
                [](const auto& named) { return named.first.ends_with("/counts"); });
  return state_a.texts == state_b.texts && digest(state_a, "") == digest(state_b, "");
}

std::string SequenceTask::advice_for_columns(const std::string& where) const {
  return "prepare the table anew with --columns-from " + shell_quoted(where);
}

bool SequenceTask::has_split(const DatasetReader& file, const std::string& name) const {
  return has_sequences(file, name);
}

Columns SequenceTask::columns_for(const TaskSettings& config, const Columns& stored) const {
  check_augmentation(config, stored);
  return stored;
}

std::unique_ptr<SequenceSource> SequenceTask::open_split(const Dataset& data,
                                                         const std::string& name) {
  const TaskSettings& settings = data.settings();
  const bool is_part = settings.holds_out() && name != "test";
  auto sequences =
      open_sequences(data.shared_file(), data.stored_columns(), is_part ? "train" : name);
  if (is_part) {
    sequences =
        fold_of(std::move(sequences), data.stored_columns(), settings, name == "validation");
  }
  if (name != "train" || !settings.augments()) return sequences;
  return std::make_unique<AugmentedSequences>(std::move(sequences), data.stored_columns(), settings,
                                              settings.seed);
}

std::unique_ptr<WindowSource> SequenceTask::split(const Dataset& data,
                                                  const std::string& name) const {
  return std::make_unique<PackedWindows>(open_split(data, name), data.columns());
}

std::vector<std::string> SequenceTask::foreign_keys() const {
  std::vector<std::string> keys = {
      "tied", "window-varies", "sample-every", "activation-penalty", "temporal-penalty", "pyramid"};
  append_keys(keys, forecast_settings());
  append_keys(keys, transduce_settings());
  append_keys(keys, transcribe_settings());
  return keys;
}

std::vector<IdleName> SequenceTask::idle_keys(const TaskSettings& config,
                                              const Columns& stored) const {
  const bool has_letters = std::ranges::any_of(stored, &Column::has_letters);
  const bool has_symbols = std::ranges::any_of(stored, [](const Column& column) {
    return !column.is_target() && !column.is_real() && !column.has_letters();
  });
  std::vector<IdleName> idle;
  if (!has_letters && config.letters_hidden > 0) {
    for (const char* key : {"letters-hidden", "letters-embedding"}) {
      idle.push_back({key, "the data set has no letters of words: prepare it with --letters"});
    }
  }
  if (!has_symbols) {
    const char* why = "the data set has numbers to read, and no symbols";
    idle.push_back({"embedding", why});
    if (config.dropout_embedding > 0) idle.push_back({"dropout-embedding", why});
  }
  return idle;
}

void SequenceTask::check_split(const Dataset& data, const std::string& name) const {
  const auto split = data.split(name);
  const SequenceSource& sequences = *split->whole();
  for (std::size_t i = 0; i < data.columns().size(); ++i) {
    const Column& column = data.columns()[i];
    if (column.role != ColumnRole::target) continue;
    const std::int64_t rows = target_starts(sequences, column.scope).back();
    const auto values = static_cast<std::size_t>(rows * column.stored_width());
    if (has_any_given(sequences, static_cast<int>(i), column.is_real(), values)) return;
    throw_input("{} has no targets in its split '{}': give it a column for --target",
                data.file().path().string(), name);
  }
}

std::vector<std::string> SequenceTask::notices(const TaskSettings& config,
                                               const Dataset& data) const {
  const auto training = data.split("train");
  const SequenceSource& sequences = *training->whole();
  const PackingShape shape = training_shape(config, *training);
  const PackingSummary summary = packing_summary(sequences.lengths(), shape);
  std::vector<std::string> notices;
  const bool says_sequences = std::ranges::any_of(data.columns(), &Column::has_own_steps);
  if (longest_of(sequences) == 1 && !says_sequences) {
    notices.emplace_back(
        "all sequences have one step: this is a plain network, which remembers nothing");
  }
  notices.push_back(fmt::format(
      "{:.0f} % of the steps are filled, {:.0f} sequences an update ({:.0f} to {:.0f}), {} updates "
      "an epoch, the longest sequence has {} step{}",
      100 * summary.filled, summary.sequences_mean, summary.sequences_p5, summary.sequences_p95,
      summary.windows, summary.longest, summary.longest == 1 ? "" : "s"));
  if (summary.second_filled > 0) {
    notices.push_back(fmt::format("{:.0f} % of the steps for {} are filled",
                                  100 * summary.second_filled,
                                  says_sequences ? "what is said" : "letters"));
  }
  if (const auto better = better_window(sequences.lengths(), shape)) {
    notices.push_back(fmt::format("--lanes {} --window {} would fill {:.0f} %{}", better->lanes,
                                  better->window, 100 * better->then.filled_at_least(),
                                  summary.second_filled > 0 ? " of both" : ""));
  }
  if (const auto fuller = fuller_lanes(sequences.lengths(), shape)) {
    notices.push_back(
        fmt::format("--lanes {} would fill {:.0f} %", fuller->lanes, 100 * fuller->filled));
  }
  if (summary.without_end > 0 && has_one_target(data.columns())) {
    notices.push_back(fmt::format(
        "no sequence ends in {} of {} windows, which teach nothing: a target stands at the last "
        "step, and gradients reach back to the window's first",
        summary.without_end, summary.windows));
  }
  if (const auto lanes = better_lanes(sequences.lengths(), shape)) {
    notices.push_back(fmt::format("{} updates an epoch are few: --lanes {} makes them more",
                                  summary.windows, *lanes));
  }
  return notices;
}

std::int64_t SequenceTask::usual_window(const Dataset& data) const {
  const auto training = data.split("train");
  return std::min<std::int64_t>(longest_of(*training->whole()), longest_usual_window);
}

std::string SequenceTask::describe_inputs(const TaskSettings& config,
                                          const Columns& columns) const {
  std::vector<std::string> parts;
  for (const Column& column : columns) {
    if (column.is_target() && column.is_real()) {
      std::string names;
      for (std::size_t i = 0; i < static_cast<std::size_t>(column.width); ++i) {
        names += (i == 0 ? "'" : ", '") + column.number_name(i) + "'";
      }
      parts.push_back(fmt::format("says {} a {}", names,
                                  column.scope == ColumnScope::steps ? "step" : "sequence"));
    } else if (column.is_target()) {
      parts.push_back(fmt::format("{} {} of '{}'", column.vocabulary->size(),
                                  column.vocabulary->traits().tokens, column.name));
    } else if (column.is_real()) {
      parts.push_back(fmt::format("{} number{} of '{}'{}", column.width,
                                  column.width == 1 ? "" : "s", column.name,
                                  column.masks_missing ? " and which of them are missing" : ""));
    } else if (column.has_letters()) {
      if (config.letters_hidden == 0) continue;
      parts.push_back(fmt::format("{} x 2 over embedding {} of {} letters of the words in '{}'",
                                  config.letters_hidden, config.letters_embedding,
                                  column.vocabulary->size(), column.name));
    } else {
      parts.push_back(fmt::format("embedding {} of {} symbols of '{}'", config.embedding,
                                  column.vocabulary->size(), column.name));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

Json SequenceTask::describe(const DatasetReader& file) const {
  const Columns columns = load_columns(file.small());
  Json told = Json::array();
  bool is_said_by_steps = false;
  for (const Column& column : columns) {
    if (column.is_target()) is_said_by_steps = column.scope == ColumnScope::steps;
    Json one = {{"name", column.name},
                {"role", name_of(column.role)},
                {"kind", column.kind_in_table()},
                {"scope", name_of(column.scope)}};
    if (column.masks_missing) one["missing"] = "mask";
    if (column.features) one["files"] = column.features->describe();
    if (column.is_real()) {
      one["width"] = column.width;
    } else {
      one["symbols"] = column.vocabulary->size();
    }
    told.push_back(std::move(one));
  }
  Json splits = Json::object();
  for (const std::string_view name : split_names) {
    const std::string key = std::string(name) + "/starts";
    if (!file.small().has(key)) continue;
    const NamedArray& array = file.small().get(key);
    const auto starts = file.small().get<std::int64_t>(key, array.shape);
    if (starts.empty()) throw_input("'{}' has no sequences in {}", file.path().string(), key);
    const auto sequences = static_cast<std::int64_t>(starts.size()) - 1;
    splits[name] = {{"sequences", sequences},
                    {"steps", starts.back()},
                    {"targets", is_said_by_steps ? starts.back() : sequences}};
  }
  return {{"columns", told}, {"splits", splits}};
}

std::string SequenceTask::describe_text(const Json& description) const {
  std::string text =
      fmt::format("{:<18}{}\n", "fingerprint", description["fingerprint"].get<std::string>());
  text +=
      fmt::format("\n{:<20}{:<8}{:<8}{:<10}{:>10}\n", "column", "role", "kind", "has", "symbols");
  for (const Json& column : description["columns"]) {
    const bool real = column.contains("width");
    text += fmt::format(
        "{:<20}{:<8}{:<8}{:<10}{:>10}\n", column["name"].get<std::string>(),
        column["role"].get<std::string>(), column["kind"].get<std::string>(),
        column["scope"].get<std::string>(),
        real ? fmt::format("{} wide", column["width"].get<int>()) : column["symbols"].dump());
  }
  for (const Json& column : description["columns"]) {
    if (!column.contains("files")) continue;
    text += fmt::format("{}: {}\n", column["name"].get<std::string>(),
                        column["files"].get<std::string>());
  }
  text += fmt::format("\n{:<12}{:>12}{:>16}\n", "split", "sequences", "steps");
  for (const auto& [name, split] : description["splits"].items()) {
    text +=
        fmt::format("{:<12}{:>12}{:>16}\n", name, split["sequences"].dump(), split["steps"].dump());
  }
  return text;
}

std::string SequenceTask::describe_training(const WindowSource& training) const {
  const SequenceSource& sequences = *training.whole();
  return fmt::format("{} training sequences of {} steps, the longest of {}", sequences.sequences(),
                     sequences.starts().back(), longest_of(sequences));
}

}  // namespace rondo::tasks
