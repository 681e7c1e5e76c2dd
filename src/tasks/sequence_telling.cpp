// What a task of whole sequences tells of its data and of how they fill its windows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/features/file_features.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/packing_advice.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "tasks/sequence_task.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

bool has_one_target(const Columns& columns) {
  return std::ranges::any_of(columns, [](const Column& column) {
    return column.role == ColumnRole::target && column.scope == ColumnScope::sequence;
  });
}

}  // namespace

std::vector<std::string> SequenceTask::notices(const TaskSettings& config,
                                               const Dataset& data) const {
  const auto training = data.split("train");
  const SequenceSource& sequences = *training->whole();
  const PackingShape shape =
      dynamic_cast<const PackedWindows&>(*training).shape(training_lanes(config));
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
