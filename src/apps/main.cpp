// `rondo`: hands the arguments to a command and turns errors into one sentence and an exit code.

#include <exception>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "rondo/core/failure.hpp"
#include "rondo/core/streams.hpp"

namespace {

int complain(const std::string& sentence, rondo::ExitCode code) {
  rondo::write_message("rondo: " + sentence);
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  using rondo::ExitCode;
  rondo::guard_standard_streams();
  try {
    const int code = rondo::apps::run_rondo({argv + (argc > 0 ? 1 : 0), argv + argc});
    rondo::flush_results();  // those that did not reach the disk or the pipe are no results
    return code;
  } catch (...) {
    const rondo::Failure failure = rondo::current_failure();
    return complain(failure.sentence, failure.code);
  }
}
