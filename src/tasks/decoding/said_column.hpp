// The column of texts that a model says.
#pragma once

#include <algorithm>

#include "rondo/data/columns.hpp"

namespace rondo::tasks {

// Null where a model says no sequences.
inline const Column* said_column_of(const Columns& columns) {
  const auto found = std::ranges::find_if(
      columns, [](const Column& column) { return column.is_target() && column.has_own_steps(); });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace rondo::tasks
