// A class for each step of a sequence: many to many. Words' classes, letters' labels, states of a
// machine.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_targets.hpp"
#include "tasks/figures/chunk_figures.hpp"
#include "tasks/figures/class_figures.hpp"
#include "tasks/figures/class_table.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/sequence_task.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

std::size_t step_target(const Columns& columns) { return target_of(columns, ColumnScope::steps); }

// The first column of symbols that the network reads step by step.
std::optional<std::size_t> symbols_of_steps(const Columns& columns) {
  const auto found = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && !column.is_real() &&
           column.scope == ColumnScope::steps;
  });
  if (found == columns.end()) return {};
  return static_cast<std::size_t>(found - columns.begin());
}

std::vector<std::int32_t> read_steps(const SequenceSource& sequences, std::size_t column) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(sequences.starts().back()));
  sequences.read(static_cast<int>(column), 0, values);
  return values;
}

// Of each symbol the class that it has most often in training, the first of equals; of one that
// never has any the most frequent class.
std::vector<std::int32_t> classes_of_symbols(const Dataset& data, std::size_t symbols,
                                             std::size_t target) {
  const Column& column = data.columns()[target];
  const auto classes = static_cast<std::size_t>(column.vocabulary->size());
  const auto different = static_cast<std::size_t>(data.columns()[symbols].vocabulary->size());
  const auto windows = data.split("train");
  const std::vector<std::int32_t> read = read_steps(*windows->whole(), symbols);
  const std::vector<std::int32_t> given = read_steps(*windows->whole(), target);
  std::vector<std::vector<std::int64_t>> counts(different);
  for (std::size_t step = 0; step < read.size(); ++step) {
    if (given[step] < 0) continue;
    std::vector<std::int64_t>& own = counts[static_cast<std::size_t>(read[step])];
    own.resize(classes);
    ++own[static_cast<std::size_t>(given[step])];
  }
  std::vector<std::int32_t> most;
  for (const std::vector<std::int64_t>& own : counts) {
    most.push_back(own.empty()
                       ? most_frequent_class(column)
                       : static_cast<std::int32_t>(std::ranges::max_element(own) - own.begin()));
  }
  return most;
}

class Label final : public SequenceTask {
 public:
  const char* name() const override { return "label"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::step_classes; }

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    keys.emplace_back("pool");
    append_keys(keys, number_settings());
    return keys;
  }

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const std::size_t target = step_target(columns);
    const int targets = token_column(columns, target);
    const Signal inputs = add_inputs(plan, config, columns);
    const Signal top = add_stack(plan, inputs, config, targets);
    std::vector<double> weights;
    if (config.class_weights == "balanced") weights = balanced_weights(columns[target]);
    plan.softmax(top, targets, columns[target].vocabulary->size(), config.label_smoothing,
                 std::move(weights));
    return plan;
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    return SequenceTargets{token_column(columns, step_target(columns)), true};
  }

  Evaluation judge(const Answers& answers, const Columns& columns,
                   const SequenceSource&) const override {
    const Column& target = columns[step_target(columns)];
    Evaluation evaluation = judge_classes(answers, target.vocabulary->size());
    if (spells_chunks(target)) add_chunk_figures(answers, target, evaluation);
    return evaluation;
  }

  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override {
    const Column& target = data.columns()[step_target(data.columns())];
    std::string text = classes_text(what, evaluation, target, split);
    if (!spells_chunks(target)) return text;
    text += fmt::format("\n{} on {}: chunk F1 {:.2f} %, precision {:.2f} %, recall {:.2f} %\n",
                        what, split, 100 * figure_of(evaluation, "chunk_f1"),
                        100 * figure_of(evaluation, "chunk_precision"),
                        100 * figure_of(evaluation, "chunk_recall"));
    return text + class_lines("chunk", evaluation.labels, chunk_types(target));
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override {
    const Column& target = data.columns()[step_target(data.columns())];
    Json json = classes_json(what, evaluation, target, split);
    if (spells_chunks(target)) {
      json["chunks"] = class_list("chunk", evaluation.labels, chunk_types(target));
    }
    return json;
  }

  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions&) const override {
    const std::size_t target = step_target(data.columns());
    const std::optional<std::size_t> symbols = symbols_of_steps(data.columns());
    const auto windows = data.split(split);
    const SequenceSource& sequences = *windows->whole();
    Answers answers;
    answers.targets = read_steps(sequences, target);
    answers.starts.assign(sequences.starts().begin(), sequences.starts().end());
    if (symbols) {
      const std::vector<std::int32_t> most = classes_of_symbols(data, *symbols, target);
      for (const std::int32_t symbol : read_steps(sequences, *symbols)) {
        answers.said.push_back(most[static_cast<std::size_t>(symbol)]);
      }
    } else {
      answers.said.assign(answers.targets.size(), most_frequent_class(data.columns()[target]));
    }
    answers.losses.assign(static_cast<std::size_t>(sequences.sequences()), 0);
    answers.weights = answers.losses;
    return {{symbols ? fmt::format("the most frequent class of each '{}'",
                                   data.columns()[*symbols].name)
                     : "the most frequent class",
             judge(answers, data.columns(), sequences)}};
  }
};

}  // namespace

const Task& label() {
  static const Label task;
  return task;
}

}  // namespace rondo::tasks
