// What cannot be trained, or only badly, said before the first step.
#pragma once

#include <filesystem>

#include "rondo/comm/communicator.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// InputError for a data set without what the configuration is going to train on or validate with.
void check_splits(const Dataset& data, const Config& config);

// Whether a checkpoint of the run, in its folder, fits on the disk, into the user's quota and below
// the limit of a file's size. InputError if it does not and the run is new, so that nothing is
// lost; a run that goes on says so and tries, as disks become free again. Rank 0.
void check_room(const Config& config, const Dataset& data, bool resumes);

// Says so where all ranks' threads are more than processors. Collective; rank 0 speaks.
void say_of_threads(Communicator& world, std::int64_t threads);
// Says to standard error what is likely a mistake: lanes that leave nothing to carry, more threads
// than processors. Collective; rank 0 speaks.
void say_notices(Communicator& world, const Config& config, const Dataset& data);

}  // namespace rondo::apps
