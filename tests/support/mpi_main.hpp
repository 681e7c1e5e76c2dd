// GoogleTest under mpirun. A program of tests/mpi has in one of its files
//   int main(int argc, char** argv) { return rondo::test::run_mpi_tests(argc, argv); }
// and asks mpi_world() for its ranks. Rules for its tests: every rank runs every test; communicate
// first, assert after (an assertion that returns before a collective call leaves the others
// waiting). Successes are printed by rank 0 alone, failures by every rank that has them; all ranks
// return the same code. An exception that leaves a test on one rank ends all ranks.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <span>
#include <string>

#include "rondo/comm/session.hpp"

namespace rondo::test {

// Small enough that tests with vectors of a few 100 kB see messages cut in parts.
inline constexpr std::size_t test_message_limit = 100'000;

inline std::unique_ptr<MpiSession>& mpi_session() {
  static std::unique_ptr<MpiSession> session;
  return session;
}
inline Communicator& mpi_world() { return mpi_session()->world(); }

// What ranks other than 0 print instead of GoogleTest's report.
class FailurePrinter : public testing::EmptyTestEventListener {
  // Kept, because GoogleTest may not be asked for it while it reports a failure: it holds its lock.
  void OnTestStart(const testing::TestInfo& test) override {
    test_ = std::string(test.test_suite_name()) + "." + test.name();
  }
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    const std::string place = result.file_name() == nullptr ? "?" : std::string(result.file_name());
    const std::string text = "rank " + std::to_string(mpi_world().rank()) + ", " + test_ + ", " +
                             place + ":" + std::to_string(result.line_number()) + ": " +
                             result.message() + "\n";
    std::fputs(text.c_str(), stderr);
  }
  std::string test_ = "outside of a test";
};

inline int run_mpi_tests(int argc, char** argv) {
  mpi_session() = std::make_unique<MpiSession>(argc, argv, test_message_limit);
  Communicator& world = mpi_world();
  testing::InitGoogleTest(&argc, argv);
  GTEST_FLAG_SET(catch_exceptions, false);  // caught by GoogleTest, it would leave others waiting
  if (world.rank() != 0) {
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailurePrinter);
  }
  std::int64_t code = EXIT_FAILURE;
  try {
    code = RUN_ALL_TESTS();
    world.maximum(std::span(&code, 1));
  } catch (const std::exception& error) {
    const std::string text =
        "rank " + std::to_string(world.rank()) + ": exception in a test: " + error.what() + "\n";
    std::fputs(text.c_str(), stderr);
    world.abort(EXIT_FAILURE);
  }
  mpi_session().reset();
  return static_cast<int>(code);
}

}  // namespace rondo::test
