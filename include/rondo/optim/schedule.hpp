// Learning rates as functions of the step; schedules never see time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/optim/settings.hpp"

namespace rondo {

// What a schedule sees of a run beside the step.
struct Course {
  std::int64_t total = 0;   // steps
  std::int64_t epoch = 0;   // of the step, from 0
  std::int64_t decays = 0;  // that validations have called for (plateau)
};

// The rate of step `step` (from 0): over the first warmup_steps w steps it rises as
// rate (step + 1) / w; then, by settings.schedule,
//   constant      rate
//   cosine        final + (rate - final) (1 + cos(pi x)) / 2, x = (step - w) / (total - w)
//                 (Loshchilov & Hutter 2017, without restarts)
//   inverse-root  rate sqrt(w / (step + 1)), w at least 1 (Vaswani et al. 2017)
//   step          rate factor^n, n the decays so far: one after decay_after epochs, then one every
//                 decay_every epochs (Zaremba et al. 2014)
//   plateau       rate factor^n, a decay after decay_patience validations without a new best
// InputError for an unknown schedule.
double scheduled_rate(const OptimizationSettings& settings, std::int64_t step,
                      const Course& course);

// What a run must know of a schedule: its line in the table of src/optim/schedule.cpp.
struct ScheduleTraits {
  std::string name;
  // Keys of the settings that it reads beside `rate` and `warmup-steps`.
  std::vector<std::string> settings;
  bool decays_by_validation = false;  // the run listens to its validations
};

// InputError for an unknown name.
const ScheduleTraits& schedule_traits(const std::string& name);
std::vector<std::string> schedule_names();

}  // namespace rondo
