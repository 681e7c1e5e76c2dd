// `rondo`: hands the arguments to a command and turns errors into one sentence and an exit code.

#include <exception>
#include <new>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "rondo/core/errors.hpp"
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
  } catch (const rondo::Error& error) {
    return complain(error.what(), error.code());
  } catch (const std::bad_alloc&) {
    return complain("there is not enough memory", ExitCode::failure);
  } catch (const std::exception& error) {
    return complain(error.what(), ExitCode::failure);
  }
}
