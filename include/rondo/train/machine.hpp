// What this rank may use of the machine it runs on.
#pragma once

#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"

namespace rondo {

// Threads for each rank of this host: the cores in the union of its ranks' affinity masks, divided
// by the number of its ranks, at least 1. Collective.
int default_threads(Communicator& world);

// Floating-point operations a second that the threads of all ranks reach together at most, measured
// for some milliseconds on all of them at once. Collective.
double peak_of_all(Communicator& world, ThreadPool& pool);

}  // namespace rondo
