// A communicator over MPI. Private to src/comm: mpi.h is seen nowhere else.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "rondo/comm/communicator.hpp"

namespace rondo {

// MPI's return code turned into RunError, which names the call and the library's own reason.
void check_mpi(int code, const char* call);

// `handle` is borrowed. Handles that are derived from it are appended to `derived`, for their owner
// to free: freeing is collective, so no destructor of a communicator does it. Messages and sums
// above `message_limit` bytes are cut. Collective.
std::unique_ptr<Communicator> make_mpi_communicator(MPI_Comm handle, std::size_t message_limit,
                                                    std::vector<MPI_Comm>& derived);

}  // namespace rondo
