// The steps of a past run, trained again: from a checkpoint that it has kept, or from the
// beginning, as each of its starts was configured.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "apps/again/past_run.hpp"
#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

// Steps behind `from`, up to the next stretch's, which a start of the run made.
struct Stretch {
  std::int64_t from = 0;
  Config config;
};

struct RunAgain {
  std::string run;
  std::int64_t begin = 0;          // the step that is gone on from
  std::string where;               // the checkpoint that is; empty: the weights are drawn
  NamedState state;                // of it, on rank 0
  std::vector<Stretch> stretches;  // at least one, the first from `begin`
  std::string data_fingerprint;

  // What step `step` is made by.
  const Config& config_of(std::int64_t step) const;
};

// The checkpoints of a folder, also its best, that are whole, by step: where a stretch can begin,
// and what can be compared with.
std::vector<CheckpointFile> whole_checkpoints(const std::filesystem::path& folder);

// Options of the commands that train again: data, threads, vector, memory.
std::vector<Option> again_options();

// Of a run's folder: from the newest whole checkpoint up to step `at_most`, with machine and data
// as `given`. Checks that this program is of its numerics version. InputError where the folder
// holds no run. Collective.
RunAgain find_run_again(Communicator& world, const GivenOptions& given, const std::string& run,
                        const PastRun& past, std::int64_t at_most);

// Tells from where up to which step it is trained again. On rank 0.
void say_again(const RunAgain& again, std::int64_t end);

// Opens the data set that it was trained on. InputError, in one sentence, for another. Collective.
std::unique_ptr<Dataset> open_same_data(Communicator& world, RunAgain& again);

// What is looked at on the way.
struct Looks {
  std::set<std::int64_t> marks;  // the same on all ranks
  // On rank 0: the state after a step of `marks` (and before the first, where `begin` is one).
  // Returns whether to go on.
  std::function<bool(std::int64_t step, const NamedState& state)> see = {};
  // On rank 0: of steps that the run reports.
  std::function<void(std::int64_t step, double gradient_norm)> hear = {};
};

// Trains up to step `end`, or as far as the run goes or `looks` want. The state there, at rank 0.
// Collective.
template <class Real>
NamedState train_again(Communicator& world, RunAgain& again, const Dataset& data, ThreadPool& pool,
                       std::int64_t end, const Looks& looks);

}  // namespace rondo::apps
