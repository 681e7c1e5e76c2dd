#include "rondo/train/step_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <span>
#include <type_traits>

namespace rondo {
namespace {

constexpr auto reduce = static_cast<std::size_t>(Phase::reduce);
constexpr auto wait = static_cast<std::size_t>(Phase::wait);

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::size_t kept_of(const StepClock::Period& period) {
  return std::min(static_cast<std::size_t>(period.steps), StepClock::kept_steps);
}

// Seconds that a rank waited for the slowest one in the steps that were kept, step by step.
double waited(const std::vector<StepClock::Period>& ranks, const StepClock::Period& rank) {
  double seconds = 0;
  for (std::size_t i = 0; i < kept_of(rank); ++i) {
    float longest = 0;
    for (const StepClock::Period& other : ranks) longest = std::max(longest, other.own[i]);
    seconds += static_cast<double>(longest - rank.own[i]);
  }
  return seconds;
}

StepTimes::Rank spread_of(const StepClock::Period& rank) {
  std::vector<float> own(rank.own.begin(),
                         rank.own.begin() + static_cast<std::ptrdiff_t>(kept_of(rank)));
  std::sort(own.begin(), own.end());
  return {own.front(), own[own.size() / 2], own.back()};
}

}  // namespace

void StepClock::enter(Phase phase) {
  leave();
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
  double all = 0;
  for (const StepClock::Period& rank : ranks) {
    std::array<double, phase_count> seconds = rank.seconds;
    const double kept = static_cast<double>(kept_of(rank));
    const double per_step = waited(ranks, rank) / kept;
    // Clocks are no exact instruments: nobody has waited longer than it was not at work.
    seconds[wait] = std::min(per_step * static_cast<double>(rank.steps), seconds[reduce]);
    seconds[reduce] -= seconds[wait];
    for (std::size_t phase = 0; phase < phase_count; ++phase) {
      times.shares[phase] += seconds[phase];
      all += seconds[phase];
    }
    times.ranks.push_back(spread_of(rank));
    const auto place = times.ranks.size() - 1;
    if (times.ranks[place].median > times.ranks[static_cast<std::size_t>(times.slowest)].median) {
      times.slowest = static_cast<int>(place);
    }
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
