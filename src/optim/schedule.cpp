#include "rondo/optim/schedule.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

double constant(const Config& config, double /*x*/) { return config.rate; }

double cosine(const Config& config, double x) {
  return config.final_rate + (config.rate - config.final_rate) * (0.5 * (1.0 + exact::cos_pi(x)));
}

struct Entry {
  const char* name;
  double (*rate)(const Config&, double x);  // x: share of the steps after the warm-up, in [0, 1]
};

// The table: one line a schedule.
constexpr Entry table[] = {
    {"constant", constant},
    {"cosine", cosine},
};

}  // namespace

double scheduled_rate(const Config& config, std::int64_t step, std::int64_t total) {
  const std::int64_t warmup = config.warmup_steps;
  if (step < warmup) {
    return config.rate * (static_cast<double>(step + 1) / static_cast<double>(warmup));
  }
  const std::int64_t rest = std::max<std::int64_t>(total - warmup, 1);
  const double x = std::min(1.0, static_cast<double>(step - warmup) / static_cast<double>(rest));
  for (const Entry& entry : table) {
    if (config.schedule == entry.name) return entry.rate(config, x);
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
