// What can go wrong, and the exit code it ends in.
//
// Everything rondo throws on purpose is an Error whose text is one sentence for the user: what is
// wrong, where (file, line, key, record), and what would be right. main() prints it and returns
// its code; under MPI one rank's Error becomes every rank's end (comm/session.hpp).
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo {

// The exit codes of every rondo command; scripts depend on them.
enum class ExitCode : int {
  finished = 0,   // the run's end was reached, the command did what it was asked
  failure = 1,    // anything that is nobody's input: a bug, a dead rank, a diverged run
  bad_input = 2,  // bad input or usage: nothing was written
  stopped = 75,   // stopped early by a signal or a limit; a checkpoint was written, resume goes on
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// The user's files, keys or values are at fault. Exit code 2.
class InputError : public Error {
 public:
  explicit InputError(const std::string& sentence) : Error(ExitCode::bad_input, sentence) {}
};

// The run cannot go on and the input is not to blame. Exit code 1.
class RunError : public Error {
 public:
  explicit RunError(const std::string& sentence) : Error(ExitCode::failure, sentence) {}
};

template <class... Values>
[[noreturn]] void throw_input(fmt::format_string<Values...> sentence, Values&&... values) {
  throw InputError(fmt::format(sentence, std::forward<Values>(values)...));
}

template <class... Values>
[[noreturn]] void throw_run(fmt::format_string<Values...> sentence, Values&&... values) {
  throw RunError(fmt::format(sentence, std::forward<Values>(values)...));
}

}  // namespace rondo
