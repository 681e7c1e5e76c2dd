#include "tasks/class_targets.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo::tasks {

std::size_t target_of(const Columns& columns, ColumnScope scope) {
  const auto found = std::ranges::find(columns, ColumnRole::target, &Column::role);
  if (found == columns.end()) {
    throw_input("the data set has no target column: prepare it with --target NAME");
  }
  if (found->is_real() || found->scope != scope) {
    throw_input("the target '{}' is no {} of each {}", found->name,
                scope == ColumnScope::own ? "sequence" : "class",
                scope == ColumnScope::steps ? "step" : "sequence");
  }
  return static_cast<std::size_t>(found - columns.begin());
}

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

std::int32_t most_frequent_class(const Column& target) {
  return static_cast<std::int32_t>(std::ranges::max_element(target.counts) - target.counts.begin());
}

}  // namespace rondo::tasks
