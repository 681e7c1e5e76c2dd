#include "tasks/answers/given_steps.hpp"

#include <algorithm>
#include <limits>

#include "rondo/data/packed_windows.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo::tasks {
namespace {

void append(const Column& column, const GivenValue& value, int at, WindowAxis& axis) {
  if (!column.is_real()) {
    axis.tokens[static_cast<std::size_t>(at)].push_back(value.symbol);
    return;
  }
  std::vector<float>& reals = axis.reals[static_cast<std::size_t>(at)];
  const std::size_t before = reals.size();
  reals.resize(before + static_cast<std::size_t>(column.inputs()));
  Standardizer(column).apply(value.numbers, reals.data() + before);
}

}  // namespace

std::vector<const Column*> given_columns(const Task& task, const Columns& columns) {
  std::vector<const Column*> given;
  for (const Column& column : columns) {
    const bool is_said = column.is_target() && !task.continues_texts();
    if (!is_said && !column.has_letters()) given.push_back(&column);
  }
  return given;
}

Window window_of(const Task& task, const Columns& columns, std::span<const GivenStep> steps) {
  const auto times = static_cast<int>(steps.size());
  Window window = make_window(times, 1, std::vector<std::uint8_t>(steps.size(), 0));
  WindowAxis& axis = window.axes[0];
  axis.resets.front() = 1;
  if (task.continues_texts()) {
    axis.tokens.resize(2, {});
    axis.tokens[1].assign(steps.size(), -1);
    for (const GivenStep& step : steps) axis.tokens[0].push_back(step.front().symbol);
    return window;
  }
  axis.spans = {Span{.length = times}};
  axis.begins = {0, 1};
  for (int t = 0; t < times; ++t) axis.owners.push_back({0, t});
  std::size_t input = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.axis() != 0) continue;
    const int at = column.is_real() ? real_column(columns, i) : token_column(columns, i);
    if (column.is_real()) {
      axis.reals.resize(std::max(axis.reals.size(), static_cast<std::size_t>(at) + 1));
    } else {
      axis.tokens.resize(std::max(axis.tokens.size(), static_cast<std::size_t>(at) + 1));
    }
    if (!column.is_target()) {
      for (const GivenStep& step : steps) append(column, step[input], at, axis);
      ++input;
    } else if (column.is_real()) {
      axis.reals[static_cast<std::size_t>(at)].assign(
          steps.size() * static_cast<std::size_t>(column.width),
          std::numeric_limits<float>::quiet_NaN());
    } else {
      axis.tokens[static_cast<std::size_t>(at)].assign(
          steps.size() * static_cast<std::size_t>(column.stored_width()), -1);
    }
  }
  return window;
}

}  // namespace rondo::tasks
