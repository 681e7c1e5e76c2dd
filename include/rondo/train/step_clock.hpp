// Where the time of training steps goes: a reading of the clock a phase, cheap enough to stay on.
//
// Every rank measures itself; nothing is decided by these times. Ranks leave a step's reduction
// together, so that a rank whose own work took shorter than the slowest rank's has waited for the
// difference; how long is found when the ranks' times are joined, at a report.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

enum class Phase : std::uint8_t { forward, backward, reduce, wait, optimizer, data };
inline constexpr std::array<std::string_view, 6> phase_names{"forward", "backward",  "reduce",
                                                             "wait",    "optimizer", "data"};
inline constexpr std::size_t phase_count = phase_names.size();

// What a rank is at in a phase; `wait` is a part of `reduce`.
Activity activity_of(Phase phase);

// One rank's. Allocates nothing.
class StepClock {
 public:
  // Tells `pulse`, which outlives it, of each phase.
  explicit StepClock(Pulse& pulse) : pulse_(pulse) {}

  // Steps whose own time is kept one by one: the latest.
  static constexpr std::size_t kept_steps = 256;

  // Seconds, from a moment that is the same as long as the process lives.
  static double now();

  // What was measured since the last clear(), in seconds.
  struct Period {
    std::int64_t steps = 0;
    std::array<double, phase_count> seconds{};  // `reduce` with the waiting in it
    // Work of this rank alone in a step, all phases but `reduce`: step i at i mod kept_steps.
    std::array<float, kept_steps> own{};
  };

  // Ends the phase that was, if one was, and begins another.
  void enter(Phase phase);
  // Ends the phase, and begins none.
  void leave();
  // Ends the phase and the step.
  void end_step();

  const Period& period() const { return period_; }
  void clear();

 private:
  static constexpr int none = -1;
  Pulse& pulse_;
  double begun_ = 0;
  int current_ = none;
  double own_ = 0;  // in this step so far
  Period period_;
};

// The steps of a period as all ranks lived through them.
struct StepTimes {
  // Each phase's share of a step, the mean over the ranks; they sum to 1.
  std::array<double, phase_count> shares{};
  // Seconds of a rank's own work in a step, without reduction and waiting.
  struct Rank {
    double minimum = 0, median = 0, maximum = 0;
  };
  std::vector<Rank> ranks;  // empty: nothing was measured
  int slowest = 0;          // the rank with the largest median, the first of equals
};

// From periods of as many steps, one a rank.
StepTimes join_step_times(const std::vector<StepClock::Period>& ranks);
// All ranks' at rank 0, nothing elsewhere. Collective.
StepTimes gather_step_times(Communicator& world, const StepClock& clock);

}  // namespace rondo
