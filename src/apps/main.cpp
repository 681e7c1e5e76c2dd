// `rondo`: hands the arguments to a command and turns errors into one sentence and an exit code.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "rondo/core/failure.hpp"

namespace {

int complain(const std::string& sentence, rondo::ExitCode code) {
  fmt::print(stderr, "rondo: {}\n", sentence);
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  using rondo::ExitCode;
  try {
    const int code = rondo::apps::run_rondo({argv + (argc > 0 ? 1 : 0), argv + argc});
    // Results that did not reach the disk or the pipe are no results.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return complain("standard output cannot be written", ExitCode::failure);
    }
    return code;
  } catch (...) {
    const rondo::Failure failure = rondo::current_failure();
    return complain(failure.sentence, failure.code);
  }
}
