#include "rondo/train/step_clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <span>
#include <type_traits>

namespace rondo {
namespace {

constexpr auto reduce = static_cast<std::size_t>(Phase::reduce);
constexpr auto wait = static_cast<std::size_t>(Phase::wait);

std::size_t kept_of(const StepClock::Period& period) {
  return std::min(static_cast<std::size_t>(period.steps), StepClock::kept_steps);
}

using OwnTimes = std::array<float, StepClock::kept_steps>;

// The slowest rank's own work, step by step.
OwnTimes longest_of(const std::vector<StepClock::Period>& ranks) {
  OwnTimes longest{};
  for (const StepClock::Period& rank : ranks) {
    for (std::size_t i = 0; i < longest.size(); ++i) longest[i] = std::max(longest[i], rank.own[i]);
  }
  return longest;
}

// Seconds that a rank waited, in a mean step of those that were kept.
double waited(const OwnTimes& longest, const StepClock::Period& rank) {
  double seconds = 0;
  const std::size_t kept = kept_of(rank);
  for (std::size_t i = 0; i < kept; ++i) seconds += static_cast<double>(longest[i] - rank.own[i]);
  return seconds / static_cast<double>(kept);
}

StepTimes::Rank spread_of(const StepClock::Period& rank) {
  std::vector<float> own(rank.own.begin(),
                         rank.own.begin() + static_cast<std::ptrdiff_t>(kept_of(rank)));
  std::sort(own.begin(), own.end());
  return {own.front(), own[own.size() / 2], own.back()};
}

}  // namespace

Activity activity_of(Phase phase) {
  switch (phase) {
    case Phase::data:
      return Activity::data;
    case Phase::forward:
      return Activity::forward;
    case Phase::backward:
      return Activity::backward;
    case Phase::optimizer:
      return Activity::optimizer;
    case Phase::reduce:
    case Phase::wait:
      break;
  }
  return Activity::reduce;
}

double StepClock::now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void StepClock::enter(Phase phase) {
  leave();
  pulse_.enter(activity_of(phase));
  current_ = static_cast<int>(phase);
}

void StepClock::leave() {
  const double time = now();
  if (current_ != none) {
    const auto phase = static_cast<std::size_t>(current_);
    period_.seconds[phase] += time - begun_;
    if (phase != reduce) own_ += time - begun_;
  }
  begun_ = time;
  current_ = none;
}

void StepClock::end_step() {
  leave();
  period_.own[static_cast<std::size_t>(period_.steps) % kept_steps] = static_cast<float>(own_);
  ++period_.steps;
  own_ = 0;
}

void StepClock::clear() { period_ = {}; }

StepTimes join_step_times(const std::vector<StepClock::Period>& ranks) {
  StepTimes times;
  if (ranks.empty() || ranks.front().steps == 0) return times;
  const OwnTimes longest = longest_of(ranks);
  double all = 0, slowest = 0;
  for (const StepClock::Period& rank : ranks) {
    std::array<double, phase_count> seconds = rank.seconds;
    // Clocks are no exact instruments: nobody has waited longer than it was not at work.
    seconds[wait] =
        std::min(waited(longest, rank) * static_cast<double>(rank.steps), seconds[reduce]);
    seconds[reduce] -= seconds[wait];
    for (std::size_t phase = 0; phase < phase_count; ++phase) {
      times.shares[phase] += seconds[phase];
      all += seconds[phase];
    }
    const StepTimes::Rank spread = spread_of(rank);
    if (spread.median > slowest) {
      slowest = spread.median;
      times.slowest = static_cast<int>(times.ranks.size());
    }
    times.ranks.push_back(spread);
  }
  for (double& share : times.shares) share = all > 0 ? share / all : 0;
  return times;
}

StepTimes gather_step_times(Communicator& world, const StepClock& clock) {
  static_assert(std::is_trivially_copyable_v<StepClock::Period>);
  const auto parts = gather(world, std::as_bytes(std::span(&clock.period(), 1)), 0);
  std::vector<StepClock::Period> ranks(parts.size());
  for (std::size_t rank = 0; rank < parts.size(); ++rank) {
    std::memcpy(&ranks[rank], parts[rank].data(), sizeof(StepClock::Period));
  }
  return join_step_times(ranks);
}

}  // namespace rondo
