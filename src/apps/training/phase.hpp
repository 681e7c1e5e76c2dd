// A start-up phase on all ranks: it ends for all of them, well or badly, at the same place.
#pragma once

#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/failure.hpp"

namespace rondo::apps {

// Runs `work` on this rank; if it throws on any rank, all ranks throw that rank's sentence. `work`
// itself may not communicate. Collective.
template <class Work>
void phase(Communicator& world, const Work& work) {
  std::string error;
  ExitCode code = ExitCode::failure;
  try {
    work();
  } catch (...) {
    const Failure failure = current_failure();
    error = failure.sentence;
    code = failure.code;
  }
  agree(world, error, static_cast<int>(code));
}

}  // namespace rondo::apps
