// Communicators that need no message library: a single rank, and ranks as threads of one process.
#pragma once

#include <functional>
#include <memory>

#include "rondo/comm/communicator.hpp"

namespace rondo {

// The null object: a world of one rank, without locks. Messages to itself arrive by exchange()
// only; a lone send() or receive() has no partner and throws RunError. abort() ends the process.
std::unique_ptr<Communicator> make_single();

// Runs `body` once per rank, each in a thread of its own, and returns when all have returned. The
// first exception that leaves a rank's body is rethrown here after all ranks have ended: ranks that
// wait for others, now or later, throw RunError, also where the rank that they wait for has
// returned. abort() counts as such an exception. Messages are buffered: send() never waits.
void run_in_process(int ranks, const std::function<void(Communicator&)>& body);

}  // namespace rondo
