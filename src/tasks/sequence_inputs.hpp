// A table's columns as what a network reads, and what it is to say.
#pragma once

#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

// Embeddings of the columns of tokens and the numbers of the others, in the columns' order.
// `table`: is given the first embedding of a text.
Signal add_inputs(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                  Signal* table = nullptr);

// The place of the target among the columns. InputError where there is none.
std::size_t target_of(const Columns& columns);

Pooling pooling_of(const std::string& name);

}  // namespace rondo::tasks
