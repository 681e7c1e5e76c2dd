// Backtests side by side.
#pragma once

#include <string>
#include <vector>

#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

// The errors of all that was measured, a column each, in deviations of the train split: squared
// ones, or absolute ones, where these decide what is best of the first. A line for each part of the
// split's time, named by the rows in which its forecasts begin, then one for each row ahead.
std::string backtest_table(const std::vector<Task::Baseline>& measured);

}  // namespace rondo::tasks
