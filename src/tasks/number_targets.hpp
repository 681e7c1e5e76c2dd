// The target of tasks that say numbers.
#pragma once

#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

// A head that says the numbers of the target column, of what `pool` makes of the stack over
// `inputs`.
void add_numbers(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                 Signal inputs);
// And where its targets are.
Task::SequenceTargets number_targets(const Columns& columns);
// What is said where all numbers are those that standardising makes 0: the means, with a loss of 0.
Answers answers_of_zero(const SequenceSource& sequences, const Columns& columns);

}  // namespace rondo::tasks
