// `rondo`: hands the arguments to a command and turns errors into one sentence and an exit code.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "rondo/core/errors.hpp"

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
  } catch (const rondo::Error& error) {
    return complain(error.what(), error.code());
  } catch (const std::bad_alloc&) {
    return complain("there is not enough memory", ExitCode::failure);
  } catch (const std::exception& error) {
    return complain(error.what(), ExitCode::failure);
  }
}
