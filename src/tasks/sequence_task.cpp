#include "tasks/sequence_task.hpp"

#include <algorithm>
#include <cmath>

#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/data/augmented_sequences.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/tasks/dataset.hpp"

namespace rondo::tasks {
namespace {

constexpr std::int64_t longest_usual_window = 64;

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

}  // namespace

std::int32_t longest_of(const SequenceSource& sequences) {
  return std::ranges::max(sequences.lengths());
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

std::int64_t SequenceTask::usual_window(const Dataset& data) const {
  const auto training = data.split("train");
  return std::min<std::int64_t>(longest_of(*training->whole()), longest_usual_window);
}

}  // namespace rondo::tasks
