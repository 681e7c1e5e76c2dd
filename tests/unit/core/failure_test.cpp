#include "rondo/core/failure.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

namespace rondo {
namespace {

template <class Exception>
Failure failure_of(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return current_failure();
  }
}

TEST(CurrentFailure, MakesSentencesOfWhatTheLibraryThrows) {
  const auto denied = std::make_error_code(std::errc::permission_denied);
  const Failure path = failure_of(std::filesystem::filesystem_error("status", "runs/a", denied));
  EXPECT_EQ(path.sentence, "'runs/a' cannot be used: Permission denied");
  EXPECT_EQ(path.code, ExitCode::bad_input);
  const Failure system = failure_of(
      std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)));
  EXPECT_EQ(system.sentence,
            "the system refuses what rondo needs: Resource temporarily unavailable");
  EXPECT_EQ(system.code, ExitCode::failure);
  EXPECT_EQ(failure_of(std::bad_alloc()).sentence.find("out of memory"), 0);
  EXPECT_EQ(failure_of(1).sentence, "an exception of unknown type");
}

TEST(CurrentFailure, LeavesErrorsAsTheyAreButForTheirSuccess) {
  const Failure input = failure_of(InputError("no"));
  EXPECT_EQ(input.sentence, "no");
  EXPECT_EQ(input.code, ExitCode::bad_input);
  EXPECT_EQ(failure_of(Error(ExitCode::finished, "no")).code, ExitCode::failure);
}

}  // namespace
}  // namespace rondo
