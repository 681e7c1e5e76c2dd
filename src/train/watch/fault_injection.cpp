#include "train/watch/fault_injection.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {

std::unique_ptr<FaultInjection> FaultInjection::make(const Config& config, int rank) {
  const bool hangs = config.hang_rank == rank && config.hang_at > 0;
  const bool fails = config.fail_rank == rank && config.fail_at > 0;
  return hangs || fails ? std::make_unique<FaultInjection>(config, rank) : nullptr;
}

FaultInjection::FaultInjection(const Config& config, int rank) : how_(config.fail_with) {
  const auto* const name =
      std::find(activity_names.begin(), activity_names.end(), config.fault_phase);
  phase_ = static_cast<Activity>(name - activity_names.begin());
  if (config.hang_rank == rank) hang_.step = config.hang_at;
  if (config.fail_rank == rank) fail_.step = config.fail_at;
}

bool FaultInjection::Fault::is_at(const Place& place, Activity phase) {
  if (step == 0 || place.step != step || place.activity != phase) return false;
  step = 0;
  return true;
}

void FaultInjection::meet(const Place& place, std::span<std::byte> weights) {
  if (std::exchange(flipped_, false)) weights.front() ^= std::byte{1};
  if (hang_.is_at(place, phase_)) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  if (!fail_.is_at(place, phase_)) return;
  if (how_ == "memory") throw std::bad_alloc();
  if (how_ == "corruption" || how_ == "transient") {
    weights.front() ^= std::byte{1};
    flipped_ = how_ == "transient";
    return;
  }
  throw_run("an error on purpose in {} of step {}",
            activity_names[static_cast<std::size_t>(place.activity)], place.step);
}

}  // namespace rondo
