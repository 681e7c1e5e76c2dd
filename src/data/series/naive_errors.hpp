// What errors of forecasts are scaled by (MASE, Hyndman & Koehler 2006).
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/data/sequences.hpp"

namespace rondo {

// Of the first `rows` rows of series `number`: of each of the `width` numbers of column `column`
// the mean distance from the value `season` rows before, over all rows where both are given. NaN
// where there is no such row, or no distance.
std::vector<double> naive_errors(const SequenceSource& series, std::int64_t number, int column,
                                 int width, std::int64_t rows, std::int64_t season);

}  // namespace rondo
