// What `rondo predict` writes of series: how each goes on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/tables/rows/table_stream.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo::apps {

// The first line of the table: the group's name, where there is one, that of the time, and of each
// target "y forecast" and, where an interval is said, "y low" and "y high".
std::string forecasts_head(const Column& target, const kernels::NumberLoss& loss);
// Whether a line is such a head.
bool is_forecasts_head(std::string_view line);

// A line for each series and row ahead; as JSON an object for each series. `votes` as
// numbers_text's (apps/predicting/numbers_text.hpp); `series`: of each of `sequences`' series, all
// of which have an origin, what the table says.
std::string forecasts_text(const std::vector<std::vector<double>>& votes, std::size_t voters,
                           const ForecastSequences& sequences,
                           const std::vector<SeriesRead>& series, const kernels::NumberLoss& loss,
                           const Column& target, bool json);

}  // namespace rondo::apps
