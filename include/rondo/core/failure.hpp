// What an exception that nobody expected means for the user: the one place where the standard
// library's texts become sentences.
#pragma once

#include <string>

#include "rondo/core/errors.hpp"

namespace rondo {

struct Failure {
  ExitCode code = ExitCode::failure;
  std::string sentence;
};

// Of the exception that is being handled; never ExitCode::finished. An Error speaks for itself. A
// path that the system refuses is bad input, all else a failure.
Failure current_failure();

}  // namespace rondo
