// Forecasts over what came, with the interval that they tell.
#pragma once

#include <string>

#include "rondo/data/forecasts.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::apps::report {

// Of each target (of many, the first ones) forecasts from a few origins, evenly far apart in the
// split. `answers` are those of `sequences`; `id` as Svg::in_page().
std::string forecast_fans(const Answers& answers, const ForecastSequences& sequences,
                          const std::string& id);

}  // namespace rondo::apps::report
