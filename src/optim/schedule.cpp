#include "rondo/optim/schedule.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

// Where a step behind the warm-up stands.
struct Place {
  std::int64_t step;
  Course course;
};

double constant(const Config& config, const Place& /*place*/) { return config.rate; }

double cosine(const Config& config, const Place& place) {
  const std::int64_t warmup = config.warmup_steps;
  const std::int64_t rest = std::max<std::int64_t>(place.course.total - warmup, 1);
  const double x =
      std::min(1.0, static_cast<double>(place.step - warmup) / static_cast<double>(rest));
  return config.final_rate + (config.rate - config.final_rate) * (0.5 * (1.0 + exact::cos_pi(x)));
}

double inverse_root(const Config& config, const Place& place) {
  const std::int64_t warmup = std::max<std::int64_t>(config.warmup_steps, 1);
  return config.rate * std::sqrt(static_cast<double>(warmup) / static_cast<double>(place.step + 1));
}

double step(const Config& config, const Place& place) {
  const std::int64_t epoch = place.course.epoch;
  if (epoch < config.decay_after) return config.rate;
  const std::int64_t decays = 1 + (epoch - config.decay_after) / config.decay_every;
  return config.rate * exact::power(config.decay_factor, static_cast<std::uint64_t>(decays));
}

double plateau(const Config& config, const Place& place) {
  return config.rate *
         exact::power(config.decay_factor, static_cast<std::uint64_t>(place.course.decays));
}

struct Entry {
  const char* name;
  double (*rate)(const Config&, const Place&);
};

// The table: one line a schedule.
constexpr Entry table[] = {
    {"constant", constant}, {"cosine", cosine}, {"inverse-root", inverse_root},
    {"plateau", plateau},   {"step", step},
};

}  // namespace

double scheduled_rate(const Config& config, std::int64_t step, const Course& course) {
  const std::int64_t warmup = config.warmup_steps;
  if (step < warmup) {
    return config.rate * (static_cast<double>(step + 1) / static_cast<double>(warmup));
  }
  for (const Entry& entry : table) {
    if (config.schedule == entry.name) return entry.rate(config, {step, course});
  }
  throw_input("there is no schedule '{}'; there are {}", config.schedule,
              fmt::join(schedule_names(), ", "));
}

std::vector<std::string> schedule_names() {
  std::vector<std::string> names;
  for (const Entry& entry : table) names.emplace_back(entry.name);
  return names;
}

}  // namespace rondo
