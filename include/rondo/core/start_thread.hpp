// Threads that may be refused: a user's, a job's or a container's limit on them is reached, or
// there is no memory for a stack.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {

// A std::thread or std::jthread that runs `body`. RunError if the system starts none; `what` is
// named in it: "thread 3 of 16".
template <class Thread = std::thread, class Body>
Thread start_thread(const std::string& what, Body&& body) {
  try {
    return Thread(std::forward<Body>(body));
  } catch (const std::system_error& error) {
    throw_run(
        "cannot start {}: {}; this user, job or container may have no more threads or memory "
        "(ulimit -u and -v, pids.max): ask for fewer --threads, or raise the limit",
        what, error.code().message());
  }
}

}  // namespace rondo
