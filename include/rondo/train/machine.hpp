// What this rank may use of the machine it runs on.
#pragma once

#include "rondo/comm/communicator.hpp"

namespace rondo {

// Threads for each rank of this host: the cores in the union of its ranks' affinity masks, divided
// by the number of its ranks, at least 1. Collective.
int default_threads(Communicator& world);

}  // namespace rondo
