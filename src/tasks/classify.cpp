// The class, or the labels, of a whole sequence: many to one; of sequences of one step, a plain
// network.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/packing_advice.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_targets.hpp"
#include "tasks/figures/class_figures.hpp"
#include "tasks/figures/label_figures.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/sequence_task.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

void refuse_for_labels(const TaskSettings& config, const Column& target) {
  if (config.class_weights != "none") {
    throw_input(
        "--class-weights {} is for one class a sequence; of the labels of '{}' each counts "
        "alike: leave it out",
        config.class_weights, target.name);
  }
  if (config.label_smoothing != 0) {
    throw_input(
        "--label-smoothing is for one class a sequence, not for the labels of '{}': leave "
        "it out",
        target.name);
  }
}

// What a target is where it is always the same, as words.
std::vector<std::int32_t> most_frequent(const Column& column, const Dataset& data) {
  const std::int32_t most = most_frequent_class(column);
  if (!column.has_labels()) return {most};
  const std::int64_t all = data.split("train")->whole()->sequences();
  std::vector<std::int32_t> words(static_cast<std::size_t>(column.stored_width()));
  set_label(words, most);
  for (std::size_t i = 0; i < column.counts.size(); ++i) {
    if (2 * column.counts[i] > all) set_label(words, static_cast<int>(i));
  }
  return words;
}

class Classify final : public SequenceTask {
 public:
  const char* name() const override { return "classify"; }

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    append_keys(keys, number_settings());
    return keys;
  }

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const std::size_t target = target_of(columns, ColumnScope::sequence);
    const int targets = token_column(columns, target);
    const Signal inputs = add_inputs(plan, config, columns);
    const Signal top = add_stack(plan, inputs, config, targets);
    const Signal read = plan.pool(top, pooling_of(config.pool));
    if (columns[target].has_labels()) {
      refuse_for_labels(config, columns[target]);
      plan.logistic(read, targets, columns[target].vocabulary->size());
      return plan;
    }
    std::vector<double> weights;
    if (config.class_weights == "balanced") weights = balanced_weights(columns[target]);
    plan.softmax(read, targets, columns[target].vocabulary->size(), config.label_smoothing,
                 std::move(weights));
    return plan;
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    const std::size_t target = target_of(columns, ColumnScope::sequence);
    const bool several = columns[target].has_labels();
    return SequenceTargets{token_column(columns, target), false,
                           several ? columns[target].vocabulary->size() : 0};
  }
  Evaluation judge(const Answers& answers, const Columns& columns,
                   const SequenceSource&) const override {
    const Column& target = columns[target_of(columns, ColumnScope::sequence)];
    return target.has_labels() ? judge_labels(answers, target.vocabulary->size())
                               : judge_classes(answers, target.vocabulary->size());
  }
  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override {
    const Column& target = data.columns()[target_of(data.columns(), ColumnScope::sequence)];
    return target.has_labels() ? labels_text(what, evaluation, target, split)
                               : classes_text(what, evaluation, target, split);
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override {
    const Column& target = data.columns()[target_of(data.columns(), ColumnScope::sequence)];
    return target.has_labels() ? labels_json(what, evaluation, target, split)
                               : classes_json(what, evaluation, target, split);
  }

  // The most frequent class of the train split, always; of labels those that most of its sequences
  // have, or else the most frequent one.
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions&) const override {
    const std::size_t target = target_of(data.columns(), ColumnScope::sequence);
    const Column& column = data.columns()[target];
    const std::vector<std::int32_t> always = most_frequent(column, data);
    const auto windows = data.split(split);
    const SequenceSource& sequences = *windows->whole();
    Answers answers;
    const auto rows = static_cast<std::size_t>(sequences.sequences());
    answers.words = static_cast<int>(always.size());
    answers.targets.resize(rows * always.size());
    sequences.read(static_cast<int>(target), 0, answers.targets);
    for (std::size_t row = 0; row < rows; ++row) {
      answers.said.insert(answers.said.end(), always.begin(), always.end());
    }
    answers.losses.assign(rows, 0);
    answers.weights.assign(rows, 0);
    Baseline baseline{column.has_labels() ? "the most frequent labels" : "the most frequent class",
                      judge(answers, data.columns(), sequences)};
    baseline.evaluation.loss = 0;
    return {baseline};
  }
};

}  // namespace

const Task& classify() {
  static const Classify task;
  return task;
}

}  // namespace rondo::tasks
