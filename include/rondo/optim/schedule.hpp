// Learning rates as functions of the step; schedules never see time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/core/config.hpp"

namespace rondo {

// The rate of step `step` (from 0) of `total`: over the first warmup_steps w steps it rises as
// rate (step + 1) / w; then, by config.schedule,
//   constant   rate
//   cosine     final + (rate - final) (1 + cos(pi x)) / 2, x = (step - w) / (total - w)
//              (Loshchilov & Hutter 2017, without restarts)
// InputError for an unknown schedule.
double scheduled_rate(const Config& config, std::int64_t step, std::int64_t total);
std::vector<std::string> schedule_names();

}  // namespace rondo
