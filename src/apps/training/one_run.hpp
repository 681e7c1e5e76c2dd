// One run, from its options to its end, on all ranks of a communicator.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/train/progress.hpp"
#include "rondo/train/signals.hpp"

namespace rondo::apps {

// What a run hears of the world outside, and what it shows it: as it is alone, unless told.
struct RunSurroundings {
  std::function<bool()> stops = stop_signalled;  // asked on each rank, once a step
  // --max-minutes count from here.
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  Progress::Output shown = Progress::standard_error();  // rank 0's
  bool advises = true;  // says what it has to say of the user's choices; the same on all ranks
};

struct RunEnd {
  ExitCode code = ExitCode::failure;
  std::int64_t step = 0, total = 0;
};

// Trains, in phases that all ranks leave together, or prints the plan of a dry run. Errors as they
// are met: what all ranks throw together is an AgreedError. Collective.
RunEnd train_run(Communicator& world, const TrainOptions& options, const RunSurroundings& around);

}  // namespace rondo::apps
