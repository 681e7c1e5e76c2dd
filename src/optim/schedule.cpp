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

double constant(const OptimizationSettings& settings, const Point& /*point*/) {
  return settings.rate;
}

double cosine(const OptimizationSettings& settings, const Point& point) {
  const std::int64_t warmup = settings.warmup_steps;
  const std::int64_t rest = std::max<std::int64_t>(point.course.total - warmup, 1);
  const double x =
      std::min(1.0, static_cast<double>(point.step - warmup) / static_cast<double>(rest));
  return settings.final_rate +
         (settings.rate - settings.final_rate) * (0.5 * (1.0 + exact::cos_pi(x)));
}

double inverse_root(const OptimizationSettings& settings, const Point& point) {
  const std::int64_t warmup = std::max<std::int64_t>(settings.warmup_steps, 1);
  return settings.rate *
         std::sqrt(static_cast<double>(warmup) / static_cast<double>(point.step + 1));
}

double step(const OptimizationSettings& settings, const Point& point) {
  const std::int64_t epoch = point.course.epoch;
  if (epoch < settings.decay_after) return settings.rate;
  const std::int64_t decays = 1 + (epoch - settings.decay_after) / settings.decay_every;
  return settings.rate * exact::power(settings.decay_factor, static_cast<std::uint64_t>(decays));
}

double plateau(const OptimizationSettings& settings, const Point& point) {
  return settings.rate *
         exact::power(settings.decay_factor, static_cast<std::uint64_t>(point.course.decays));
}

struct Entry {
  ScheduleTraits traits;
  double (*rate)(const OptimizationSettings&, const Point&);
};

// The table: one line a schedule, in the order of --help.
const std::vector<Entry>& table() {
  static const std::vector<Entry> entries = {
      {{"constant", {}}, constant},
      {{"cosine", {"final-rate"}}, cosine},
      {{"inverse-root", {}}, inverse_root},
      {{"step", {"decay-factor", "decay-after", "decay-every"}}, step},
      {{"plateau", {"decay-factor", "decay-patience"}, true}, plateau},
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

double scheduled_rate(const OptimizationSettings& settings, std::int64_t step,
                      const Course& course) {
  const std::int64_t warmup = settings.warmup_steps;
  if (step < warmup) {
    return settings.rate * (static_cast<double>(step + 1) / static_cast<double>(warmup));
  }
  return find(settings.schedule).rate(settings, {step, course});
}

const ScheduleTraits& schedule_traits(const std::string& name) { return find(name).traits; }

std::vector<std::string> schedule_names() {
  std::vector<std::string> names;
  for (const Entry& entry : table()) names.push_back(entry.traits.name);
  return names;
}

}  // namespace rondo
