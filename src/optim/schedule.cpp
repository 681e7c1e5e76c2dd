#include "rondo/optim/schedule.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

// Where a step behind the warm-up stands.
struct Point {
  std::int64_t step;
  Course course;
};

double constant(const Config& config, const Point& /*point*/) { return config.rate; }

double cosine(const Config& config, const Point& point) {
  const std::int64_t warmup = config.warmup_steps;
  const std::int64_t rest = std::max<std::int64_t>(point.course.total - warmup, 1);
  const double x =
      std::min(1.0, static_cast<double>(point.step - warmup) / static_cast<double>(rest));
  return config.final_rate + (config.rate - config.final_rate) * (0.5 * (1.0 + exact::cos_pi(x)));
}

double inverse_root(const Config& config, const Point& point) {
  const std::int64_t warmup = std::max<std::int64_t>(config.warmup_steps, 1);
  return config.rate * std::sqrt(static_cast<double>(warmup) / static_cast<double>(point.step + 1));
}

double step(const Config& config, const Point& point) {
  const std::int64_t epoch = point.course.epoch;
  if (epoch < config.decay_after) return config.rate;
  const std::int64_t decays = 1 + (epoch - config.decay_after) / config.decay_every;
  return config.rate * exact::power(config.decay_factor, static_cast<std::uint64_t>(decays));
}

double plateau(const Config& config, const Point& point) {
  return config.rate *
         exact::power(config.decay_factor, static_cast<std::uint64_t>(point.course.decays));
}

struct Entry {
  ScheduleTraits traits;
  double (*rate)(const Config&, const Point&);
};

// The table: one line a schedule.
const std::vector<Entry>& table() {
  static const std::vector<Entry> entries = {
      {{"constant", {}}, constant},
      {{"cosine", {"final-rate"}}, cosine},
      {{"inverse-root", {}}, inverse_root},
      {{"plateau", {"decay-factor", "decay-patience"}, true}, plateau},
      {{"step", {"decay-factor", "decay-after", "decay-every"}}, step},
  };
  return entries;
}

const Entry& find(const std::string& name) {
  for (const Entry& entry : table()) {
    if (entry.traits.name == name) return entry;
  }
  throw_input("there is no schedule '{}'; there are {}", name, fmt::join(schedule_names(), ", "));
}

}  // namespace

double scheduled_rate(const Config& config, std::int64_t step, const Course& course) {
  const std::int64_t warmup = config.warmup_steps;
  if (step < warmup) {
    return config.rate * (static_cast<double>(step + 1) / static_cast<double>(warmup));
  }
  return find(config.schedule).rate(config, {step, course});
}

const ScheduleTraits& schedule_traits(const std::string& name) { return find(name).traits; }

std::vector<std::string> schedule_names() {
  std::vector<std::string> names;
  for (const Entry& entry : table()) names.push_back(entry.traits.name);
  return names;
}

}  // namespace rondo
