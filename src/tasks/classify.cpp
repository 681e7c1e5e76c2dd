// The class of a whole sequence: many to one; of sequences of one step, a plain network.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/packing_advice.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_figures.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/stack_shape.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

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

// So that each class has the same weight in all, and a target 1 in the mean.
std::vector<double> balanced_weights(const Column& target) {
  double all = 0, classes = 0;
  for (const std::int64_t count : target.counts) {
    all += static_cast<double>(count);
    classes += count > 0 ? 1 : 0;
  }
  std::vector<double> weights;
  for (const std::int64_t count : target.counts) {
    weights.push_back(count > 0 ? all / (classes * static_cast<double>(count)) : 0);
  }
  return weights;
}

class Classify final : public SequenceTask {
 public:
  const char* name() const override { return "classify"; }

  NetworkPlan model(const Config& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const std::size_t target = target_of(columns);
    const int targets = token_column(columns, target);
    const Signal inputs = add_inputs(plan, config, columns);
    const Signal top = add_stack(plan, inputs, stack_shape(config), targets);
    std::vector<double> weights;
    if (config.class_weights == "balanced") weights = balanced_weights(columns[target]);
    plan.softmax(plan.pool(top, pooling_of(config.pool)), targets,
                 columns[target].vocabulary->size(), config.label_smoothing, std::move(weights));
    return plan;
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    return SequenceTargets{token_column(columns, target_of(columns)), false};
  }
  Evaluation judge(const Answers& answers, const Columns& columns) const override {
    return judge_classes(answers, columns[target_of(columns)].vocabulary->size());
  }
  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override {
    return classes_text(what, evaluation, data.columns()[target_of(data.columns())], split);
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override {
    return classes_json(what, evaluation, data.columns()[target_of(data.columns())], split);
  }

  // The most frequent class of the train split, always.
  Baseline baseline(const Dataset& data, const std::string& split, int) const override {
    const std::size_t target = target_of(data.columns());
    const Column& column = data.columns()[target];
    const auto most = std::ranges::max_element(column.counts) - column.counts.begin();
    const auto windows = data.split(split);
    const SequenceSource& sequences = *windows->whole();
    Answers answers;
    answers.targets.resize(static_cast<std::size_t>(sequences.sequences()));
    sequences.read(static_cast<int>(target), 0, answers.targets);
    answers.said.assign(answers.targets.size(), static_cast<std::int32_t>(most));
    answers.losses.assign(answers.targets.size(), 0);
    for (const std::int32_t given : answers.targets) answers.weights.push_back(given >= 0 ? 1 : 0);
    Baseline baseline{"the most frequent class", judge(answers, data.columns())};
    baseline.evaluation.loss = 0;
    return baseline;
  }
};

}  // namespace

const Task& classify() {
  static const Classify task;
  return task;
}

}  // namespace rondo::tasks
