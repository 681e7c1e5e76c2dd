// Targets that the steps of their sequences cannot spell, as there are too few.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/tables/values/table_values.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// Notes a sequence whose target in `columns` is one of those.
void note_fit(const Columns& columns, const SequenceValues& values, TooLongTargets& of_split);

}  // namespace rondo
