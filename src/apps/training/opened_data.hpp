// The data set that a run trains on, opened by all ranks together, and what a rank needs for it.
#pragma once

#include <cstdint>
#include <memory>

#include "rondo/comm/communicator.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// Opens config.data as the configuration has it read, on this rank alone. Where nobody has chosen
// (`chooses_state`), the state is what its task wants. InputError where it is none that the
// configuration can train on.
std::unique_ptr<Dataset> read_data(Config& config, bool chooses_state);

// The same on all ranks together, which verify it: a small one at once, the ranks of a host sharing
// the work. InputError also where it is not the same on all ranks. Collective.
std::unique_ptr<Dataset> open_data(Communicator& world, Config& config, bool chooses_state);

// All that this rank is going to allocate, in bytes.
template <class Real>
std::uint64_t needed_memory(const Config& config, const Dataset& data, const Communicator& world);

}  // namespace rondo::apps
