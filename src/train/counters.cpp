#include "rondo/train/counters.hpp"

#include <array>
#include <cmath>

#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"

namespace rondo {
namespace {

constexpr const char* trend_name = "counters/validation_trend";
constexpr const char* good_step_name = "progress/good_step";
constexpr const char* losses_name = "progress/usual_losses";

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

// Where every step had targets, the last that was not skipped began at good weights.
std::int64_t usual_good_step(const Counters& counters) {
  const bool possible =
      counters.skipped_in_a_row >= 0 && counters.step >= counters.skipped_in_a_row;
  return possible ? counters.step - counters.skipped_in_a_row - 1 : -1;
}

}  // namespace

void Counters::note_loss(double loss) {
  constexpr double memory = 64, long_memory = 4096;  // steps
  constexpr double bad = 1;                          // nat
  usual_loss = std::isfinite(usual_loss) ? usual_loss + (loss - usual_loss) / memory : loss;
  least_loss =
      usual_loss < least_loss ? usual_loss : least_loss + (usual_loss - least_loss) / long_memory;
  if (loss <= least_loss + bad && usual_loss <= least_loss + bad) good_step = step;
}

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
  const bool averages = optimizer_traits(config.optimizer).averages_by_validation;
  if (averages && average_start == 0) note_trend(config, loss);
  if (is_worse(best_step < 0 ? infinity : best_loss, loss)) {
    best_step = step;
    best_loss = loss;
    stale = stale_since_decay = 0;
    return true;
  }
  if (!listens_to_validation(config)) return false;
  ++stale;
  ++stale_since_decay;
  const bool decays_rate = schedule_traits(config.schedule).decays_by_validation;
  if (decays_rate && stale_since_decay >= config.decay_patience) {
    stale_since_decay = 0;
    ++decays;
  }
  return false;
}

std::int64_t Counters::averaged(const Config& config) const {
  if (config.average > 0) return update;
  const bool averages = optimizer_traits(config.optimizer).averages_by_validation;
  return averages && average_start > 0 ? update - average_start + 1 : 0;
}

void Counters::save(NamedState& state) const {
  visit(*this, [&](const char* name, auto value) { state.put_scalar(name, value); });
  visit_optional(*this, [&](const char* name, std::int64_t value) {
    if (value != 0) state.put_scalar(name, value);
  });
  if (good_step != usual_good_step(*this)) state.put_scalar(good_step_name, good_step);
  if (std::isfinite(usual_loss)) {
    state.put<double>(losses_name, std::array{usual_loss, least_loss}, {2});
  }
  if (!trend.empty()) state.put<double>(trend_name, trend, {trend.size()});
}

void Counters::load(const NamedState& state) {
  visit(*this, [&]<class Value>(const char* name, Value& value) {
    value = state.get_scalar<Value>(name);
  });
  visit_optional(*this, [&](const char* name, std::int64_t& value) {
    value = state.has(name) ? state.get_scalar<std::int64_t>(name) : 0;
  });
  good_step = state.has(good_step_name) ? state.get_scalar<std::int64_t>(good_step_name)
                                        : usual_good_step(*this);
  usual_loss = least_loss = infinity;
  if (state.has(losses_name)) {
    const std::uint64_t shape[] = {2};
    const std::span<const double> losses = state.get<double>(losses_name, shape);
    usual_loss = losses[0];
    least_loss = losses[1];
  }
  trend.clear();
  if (!state.has(trend_name)) return;
  const std::span<const double> saved = state.get<double>(trend_name, state.get(trend_name).shape);
  trend.assign(saved.begin(), saved.end());
}

}  // namespace rondo
