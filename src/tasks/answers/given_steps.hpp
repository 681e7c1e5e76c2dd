// Steps whose values are given, one after another, and not read from a data set.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/core/window.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

// A column's value at a step: a symbol's number, or numbers as a table has them, NaN where one is
// missing.
struct GivenValue {
  std::int32_t symbol = 0;
  std::vector<double> numbers = {};
};

// Of each of given_columns(), in their order.
using GivenStep = std::vector<GivenValue>;

// The columns whose values make a step of what a network reads: not targets, but where the task
// goes on with what it has said, and not the letters of words. They lie among `columns`.
std::vector<const Column*> given_columns(const Task& task, const Columns& columns);

// A window of one lane with a whole sequence in it, or, of a task that goes on with texts, a
// stream. Its first step has a reset bit; all targets are masked, and those that have steps of
// their own are not there. At least one step.
Window window_of(const Task& task, const Columns& columns, std::span<const GivenStep> steps);

}  // namespace rondo::tasks
