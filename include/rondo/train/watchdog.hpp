// Watches over a rank's training from a thread of its own: says when the run stands still and who
// keeps it, and ends it when that lasts too long, so that no run hangs for a night.
//
// Training pays a store a phase (train/pulse.hpp), no lock and no memory. Time counts only while
// this process runs: a job that was stopped and continued, or a laptop that slept, has not hung.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

class Watchdog {
 public:
  struct Options {
    double limit_seconds = 600;  // of standing still, then the run ends; > 0, the same on all ranks
    // What happens to a sentence, and at the end: standard error, and Communicator::abort.
    std::function<void(const std::string&)> say;
    std::function<void()> end;
    double look_seconds = 0;  // between looks; 0: a twentieth of the limit, 0.02 to 1
  };

  // Begins to watch. Collective. `world` and `pulse` outlive it. Where the message layer allows no
  // helper threads, a rank judges by itself alone.
  Watchdog(Communicator& world, const Pulse& pulse, Options options);
  // Stops watching; without finish() before it the ranks' conversation breaks off, which is for a
  // process that ends with an error. Does not communicate.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Stops watching, on all ranks together: returns when every rank has called it. Collective.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
