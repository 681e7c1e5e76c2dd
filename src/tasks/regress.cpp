// Numbers for a whole sequence (many to one; of sequences of one step, a plain network) or for each
// of its steps.
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/figures/number_figures.hpp"
#include "tasks/number_targets.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/sequence_task.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

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
    const Column& target = columns[target_of(columns)];
    if (target.scope == ColumnScope::steps && config.pool != "last") {
      throw_input("--pool {} makes one answer a sequence, and '{}' has one a step: leave it out",
                  config.pool, target.name);
    }
    add_numbers(plan, config, columns, add_inputs(plan, config, columns));
    return plan;
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    return number_targets(columns);
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
                                  const BaselineOptions&) const override {
    const auto windows = data.split(split);
    const SequenceSource& sequences = *windows->whole();
    const Answers answers = answers_of_zero(sequences, data.columns());
    return {{"the mean of the train split", judge(answers, data.columns(), sequences)}};
  }
};

}  // namespace

const Task& regress() {
  static const Regress task;
  return task;
}

}  // namespace rondo::tasks
