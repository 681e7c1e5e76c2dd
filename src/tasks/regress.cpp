// Numbers for a whole sequence (many to one; of sequences of one step, a plain network) or for each
// of its steps.
#include <nlohmann/json.hpp>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/number_figures.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

bool is_by_steps(const Column& target) { return target.scope == ColumnScope::steps; }

class Regress final : public SequenceTask {
 public:
  const char* name() const override { return "regress"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::numbers; }

  Columns load_columns(const NamedState& state) const override {
    Columns columns = SequenceTask::load_columns(state);
    const Column& target = columns[target_of(columns)];
    if (!target.is_real()) {
      throw_input("the target '{}' is {}, and the task regress says numbers", target.name,
                  name_of(target.kind));
    }
    return columns;
  }

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    keys.insert(keys.end(), {"class-weights", "label-smoothing"});
    return keys;
  }

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const std::size_t number = target_of(columns);
    const Column& target = columns[number];
    if (is_by_steps(target) && config.pool != "last") {
      throw_input("--pool {} makes one answer a sequence, and '{}' has one a step: leave it out",
                  config.pool, target.name);
    }
    const Signal inputs = add_inputs(plan, config, columns);
    const Signal top = add_stack(plan, inputs, config, 0);
    plan.regression(plan.pool(top, pooling_of(config.pool)), real_column(columns, number),
                    target.width, config.number_loss());
    return plan;
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    const std::size_t number = target_of(columns);
    SequenceTargets targets{real_column(columns, number), is_by_steps(columns[number])};
    targets.numbers = columns[number].width;
    targets.source = static_cast<int>(number);
    return targets;
  }
  Evaluation judge(const Answers& answers, const Columns& columns,
                   const SequenceSource&) const override {
    return judge_numbers(answers, columns[target_of(columns)]);
  }
  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override {
    return numbers_text(what, evaluation, data.columns()[target_of(data.columns())], split);
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override {
    return numbers_json(what, evaluation, data.columns()[target_of(data.columns())], split);
  }

  // The mean of the train split, always.
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  int) const override {
    const std::size_t number = target_of(data.columns());
    const Column& target = data.columns()[number];
    const auto windows = data.split(split);
    const SequenceSource& sequences = *windows->whole();
    const auto count = static_cast<std::size_t>(sequences.sequences());
    Answers answers;
    answers.losses.assign(count, 0);
    answers.weights.assign(count, 0);
    std::vector<std::int64_t>& starts = answers.numbers.starts;
    if (is_by_steps(target)) {
      starts.assign(sequences.starts().begin(), sequences.starts().end());
    } else {
      starts.resize(count + 1);
      std::iota(starts.begin(), starts.end(), 0);
    }
    const auto values = static_cast<std::size_t>(starts.back() * target.width);
    answers.numbers.given.resize(values);
    sequences.read(static_cast<int>(number), 0, answers.numbers.given);
    answers.numbers.said.assign(values, 0);
    return {{"the mean of the train split", judge(answers, data.columns(), sequences)}};
  }
};

}  // namespace

const Task& regress() {
  static const Regress task;
  return task;
}

}  // namespace rondo::tasks
