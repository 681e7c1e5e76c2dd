#include "tasks/number_targets.hpp"

#include "rondo/data/packed_windows.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/model/language_model.hpp"
#include "tasks/sequence_inputs.hpp"

namespace rondo::tasks {

void add_numbers(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                 Signal inputs) {
  const std::size_t number = target_of(columns);
  const Signal top = add_stack(plan, inputs, config, 0);
  // What is said at each step is read there: a pool puts both directions' ends at the last one.
  const bool at_steps = columns[number].scope == ColumnScope::steps;
  plan.regression(at_steps ? top : plan.pool(top, pooling_of(config.pool)),
                  real_column(columns, number), columns[number].width, config.number_loss());
}

Task::SequenceTargets number_targets(const Columns& columns) {
  const std::size_t number = target_of(columns);
  Task::SequenceTargets targets{real_column(columns, number),
                                columns[number].scope == ColumnScope::steps};
  targets.numbers = columns[number].width;
  targets.source = static_cast<int>(number);
  return targets;
}

Answers answers_of_zero(const SequenceSource& sequences, const Columns& columns) {
  const std::size_t number = target_of(columns);
  const auto count = static_cast<std::size_t>(sequences.sequences());
  Answers answers;
  answers.losses.assign(count, 0);
  answers.weights.assign(count, 0);
  answers.numbers.starts = target_starts(sequences, columns[number].scope);
  answers.numbers.given.resize(
      static_cast<std::size_t>(answers.numbers.starts.back() * columns[number].width));
  sequences.read(static_cast<int>(number), 0, answers.numbers.given);
  answers.numbers.said.assign(answers.numbers.given.size(), 0);
  return answers;
}

}  // namespace rondo::tasks
