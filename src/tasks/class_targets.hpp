// The target of tasks that say classes or labels.
#pragma once

#include <cstddef>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo::tasks {

// The number of the target column. InputError where there is none, or none of that scope.
std::size_t target_of(const Columns& columns, ColumnScope scope);

// So that each class has the same weight in all, and a target 1 in the mean.
std::vector<double> balanced_weights(const Column& target);

// The first of the train split's most frequent classes or labels.
std::int32_t most_frequent_class(const Column& target);

}  // namespace rondo::tasks
