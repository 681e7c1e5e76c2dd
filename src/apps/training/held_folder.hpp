// The run's folder in the hands of rank 0: locked, what there is to resume, what has to make way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "apps/training/new_folders.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// What rank 0 holds of it while the run lasts; of other ranks, empty.
struct HeldFolder {
  std::unique_ptr<NewFolders> made;  // first, so that they go after the lock in them
  std::unique_ptr<RunLock> lock;
  std::optional<NamedState> saved;  // the newest good checkpoint
  bool goes_back = false;           // later ones are those of a course that is left
};

// Locks the folder and finds what there is to resume. InputError where it holds a run that nobody
// asks to resume, or is in another run's hands.
HeldFolder open_run_folder(const Config& config);

// InputError where the folder of a new run already holds one.
void check_not_begun(const Config& config);

// A run whose loss was not finite any more, and that is resumed with other updates, goes back to
// where it was known as good; with the same ones it would come to the same end. What the newest
// checkpoint says of the run holds for all: it is only the state that is an older one's.
void go_back_if_diverged(const Config& config, const std::string& saved_text, HeldFolder& folder);

// When nothing can refuse the run any more: what the folder holds of steps that the run is going to
// do otherwise makes way.
void clear_way(const Config& config, const HeldFolder& folder, bool resumes, std::int64_t step);

}  // namespace rondo::apps
