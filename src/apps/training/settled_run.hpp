// What a run is before it begins: its configuration, settled by checkpoint and data, one after the
// other. Each says in one sentence what cannot be; nothing is communicated, written or kept open.
#pragma once

#include <memory>
#include <string>

#include "apps/options/options.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// What the checkpoint that a run goes on from says of it; empty texts where the run begins.
struct SavedTexts {
  std::string configuration, numerics, fingerprint;

  bool begins() const { return configuration.empty(); }
};
// InputError where one is missing; `run` is the run's folder.
SavedTexts saved_texts(const NamedState& checkpoint, const std::string& run);

// settle_config, of a run that has data and no more ranks than blocks; a rank that `speaks` says
// what changes and what is likely a mistake.
Config settled_config(const TrainOptions& options, const SavedTexts& saved, int ranks, bool speaks);

// Whether nobody has chosen the state, so that the data do (training/opened_data.hpp).
bool data_choose_state(const TrainOptions& options, const SavedTexts& saved);

// InputError for other data than those that the run was started with.
void check_same_data(const Config& config, const Dataset& data, const SavedTexts& saved);
// What the data ask for where nobody has chosen. InputError for a key that is of no use to the
// task.
void settle_by_data(Config& config, const TrainOptions& options, const SavedTexts& saved,
                    const Dataset& data);

// All of it, of a run that is to be started on so many ranks, in a folder that nobody may have
// begun; for who starts several and wants to know before the first.
void check_run(const TrainOptions& options, int ranks);

}  // namespace rondo::apps
