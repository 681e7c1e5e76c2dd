#include "rondo/train/counters.hpp"

#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr const char* trend_name = "counters/validation_trend";
constexpr double infinity = std::numeric_limits<double>::infinity();

// Of two losses, whether the first is worse: what is no number is worse than all that are.
bool is_worse(double loss, double than) {
  return loss > than || (std::isnan(loss) && !std::isnan(than));
}

// One list for both directions, so that neither forgets a counter.
template <class Self, class Visit>
void visit(Self& counters, const Visit& visit_one) {
  visit_one("counters/window", counters.window);
  visit_one("counters/step", counters.step);
  visit_one("counters/update", counters.update);
  visit_one("counters/skipped_in_a_row", counters.skipped_in_a_row);
  visit_one("progress/validated_step", counters.validated_step);
  visit_one("progress/best_step", counters.best_step);
  visit_one("progress/best_loss", counters.best_loss);
  visit_one("progress/report_loss", counters.report_loss);
  visit_one("progress/report_targets", counters.report_targets);
}

// Those that most runs do not have: checkpoints from before them have none.
template <class Self, class Visit>
void visit_optional(Self& counters, const Visit& visit_one) {
  visit_one("counters/stale", counters.stale);
  visit_one("counters/stale_since_decay", counters.stale_since_decay);
  visit_one("counters/decays", counters.decays);
  visit_one("counters/average_start", counters.average_start);
}

}  // namespace

void Counters::note_trend(const Config& config, double loss) {
  const auto patience = static_cast<std::size_t>(config.average_patience);
  if (trend.size() > patience && is_worse(loss, trend.front())) {
    average_start = update + 1;
    trend.clear();
    return;
  }
  trend.push_back(loss);
  if (trend.size() <= patience + 1) return;
  // The oldest of the last ones is now one of those before.
  if (is_worse(trend[0], trend[1])) trend[0] = trend[1];
  trend.erase(trend.begin() + 1);
}

bool Counters::note_validation(const Config& config, double loss) {
  validated_step = step;
  if (config.optimizer == "asgd" && average_start == 0) note_trend(config, loss);
  if (is_worse(best_step < 0 ? infinity : best_loss, loss)) {
    best_step = step;
    best_loss = loss;
    stale = stale_since_decay = 0;
    return true;
  }
  if (!listens_to_validation(config)) return false;
  ++stale;
  ++stale_since_decay;
  if (config.schedule == "plateau" && stale_since_decay >= config.decay_patience) {
    stale_since_decay = 0;
    ++decays;
  }
  return false;
}

std::int64_t Counters::averaged(const Config& config) const {
  if (config.average > 0) return update;
  return average_start > 0 && config.optimizer == "asgd" ? update - average_start + 1 : 0;
}

void Counters::save(NamedState& state) const {
  visit(*this, [&](const char* name, auto value) { state.put_scalar(name, value); });
  visit_optional(*this, [&](const char* name, std::int64_t value) {
    if (value != 0) state.put_scalar(name, value);
  });
  if (!trend.empty()) state.put<double>(trend_name, trend, {trend.size()});
}

void Counters::load(const NamedState& state) {
  visit(*this, [&]<class Value>(const char* name, Value& value) {
    value = state.get_scalar<Value>(name);
  });
  visit_optional(*this, [&](const char* name, std::int64_t& value) {
    value = state.has(name) ? state.get_scalar<std::int64_t>(name) : 0;
  });
  trend.clear();
  if (!state.has(trend_name)) return;
  const std::span<const double> saved = state.get<double>(trend_name, state.get(trend_name).shape);
  trend.assign(saved.begin(), saved.end());
}

}  // namespace rondo
