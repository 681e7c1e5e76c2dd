// What this rank may use of the machine it runs on.
#pragma once

#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"

namespace rondo {

// What the ranks of this host have together.
struct HostShare {
  int cores = 1;  // in the union of their affinity masks
  int ranks = 1;
};
HostShare share_of_host(Communicator& world);  // collective

// Threads for each rank of this host: its cores divided by the number of its ranks, at least 1.
// Collective.
int default_threads(Communicator& world);

// Floating-point operations a second that the threads of all ranks reach together at most, measured
// for some milliseconds on all of them at once. Collective.
double peak_of_all(Communicator& world, ThreadPool& pool);

}  // namespace rondo
