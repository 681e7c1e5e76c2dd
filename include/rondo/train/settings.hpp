// What configures a run around its network, batches and updates.
#pragma once

#include <cstdint>
#include <string>

#include "rondo/core/settings.hpp"

namespace rondo {

struct FileSettings {
  std::string data;  // prepared data set
  std::string run;   // folder of the run
  bool resume = false;
  std::string init_from;    // checkpoint whose parameters this run starts from
  std::string tensorboard;  // folder of TensorBoard's event files
  std::string vectors;      // text file of word vectors that the embedding starts from
};

struct LengthSettings {
  std::int64_t steps = 0;  // one of steps and epochs is given
  std::int64_t epochs = 0;
  std::int64_t patience = 0;   // validations without a new best that end the run; 0: none do
  std::int64_t max_steps = 0;  // steps of this process's share of the run; 0: no limit
  double max_minutes = 0.0;    // 0: no limit
};

// In steps unless stated; 0: never.
struct RhythmSettings {
  std::int64_t validate_every = 0;
  std::int64_t checkpoint_every = 0;
  double checkpoint_minutes = 10.0;
  std::int64_t keep = 3;
  std::int64_t check_every = 100;
  std::int64_t sample_every = 0;
  std::int64_t report_every = 10;
};

struct MachineSettings {
  std::int64_t threads = 0;    // 0: cores of this host's ranks / local ranks, at least 1
  double memory = 1024;        // MB of a rank's activations, which divide its blocks into groups
  std::int64_t recompute = 0;  // steps whose activations are in memory at a time; 0: a window's
  std::string reducer = "exact";
  std::string vector = "auto";
  double hang_minutes = 10.0;  // a run that stands still so long is ended; 0: never
  bool dry_run = false;
  bool accept_numerics = false;
};

// Faults on purpose, for the tests of what a run does about them; steps are counted from 1, 0:
// never. `rondo train` takes the keys as any others, and its --help does not list them.
struct FaultSettings {
  std::int64_t hang_rank = 0;
  std::int64_t hang_at = 0;
  std::int64_t fail_rank = 0;
  std::int64_t fail_at = 0;
  std::string fail_with = "error";
  std::string fault_phase = "forward";
};

SettingsGroup<FileSettings> file_settings();
SettingsGroup<LengthSettings> length_settings();
SettingsGroup<RhythmSettings> rhythm_settings();
SettingsGroup<MachineSettings> machine_settings();
SettingsGroup<FaultSettings> fault_settings();

}  // namespace rondo
