// Faults on purpose, at a chosen place of a run, for the tests of what a run does about them: the
// keys hang-rank, hang-at, fail-rank, fail-at, fail-with and fault-phase.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "rondo/train/config.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

class FaultInjection {
 public:
  // A rank's; nothing for a rank that is to stay well.
  static std::unique_ptr<FaultInjection> make(const Config& config, int rank);

  FaultInjection(const Config& config, int rank);

  // Called wherever the rank enters a phase. Here and now, and once: hangs for good, throws
  // (RunError, std::bad_alloc), or flips one bit of `weights`, "transient" until the next phase: so
  // that the ranks' weights remain the same, and only what was computed by them is wrong.
  void meet(const Place& place, std::span<std::byte> weights);

 private:
  // At a step, once.
  struct Fault {
    std::int64_t step = 0;  // 0: never
    bool is_at(const Place& place, Activity phase);
  };

  Activity phase_ = Activity::forward;
  Fault hang_, fail_;
  bool flipped_ = false;
  std::string how_;
};

}  // namespace rondo
