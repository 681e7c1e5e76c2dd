// A start-up phase on all ranks: it ends for all of them, well or badly, at the same place.
#pragma once

#include <exception>
#include <new>
#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {

// Runs `work` on this rank; if it throws on any rank, all ranks throw that rank's sentence. `work`
// itself may not communicate. Collective.
template <class Work>
void phase(Communicator& world, const Work& work) {
  std::string error;
  ExitCode code = ExitCode::failure;
  try {
    work();
  } catch (const Error& problem) {
    error = problem.what();
    code = problem.code();
  } catch (const std::bad_alloc&) {
    error = "there is not enough memory";
  } catch (const std::exception& problem) {
    error = problem.what();
  }
  agree(world, error, static_cast<int>(code));
}

}  // namespace rondo::apps
