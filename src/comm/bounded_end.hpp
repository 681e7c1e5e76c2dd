// MPI's end, which can take for ever: MPICH 4.0 over UCX and TCP closes its connections one after
// the other, and may wait for the answer of a rank that is through with that, waits for the others
// in its launcher's barrier, and answers no more.
#pragma once

#include <set>
#include <thread>

namespace rondo {

// Of files and connections that this process has, their numbers.
std::set<int> open_descriptors();

// To be called before MPI_Finalize by all ranks, once all work is done. Unless the returned thread
// is destroyed before, the connections among MPICH's ranks are cut after a while, at which those
// that wait for answers go on; and some seconds later the process ends with `code`. The one rank
// that `says` tells of that, and ends before the others, at whose end a launcher may kill it.
// std::system_error where no thread is to be had.
std::jthread bound_the_end(bool says, int code, std::set<int> inherited);

}  // namespace rondo
