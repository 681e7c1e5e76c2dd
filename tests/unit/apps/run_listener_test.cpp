// What rank 0 tells of writes that fail, and when it tries again.
#include "apps/training/run_listener.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "command_fixture.hpp"
#include "rondo/io/checkpoint.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

TEST(Trouble, NextAttemptsComeSoonAndThenMoreSeldom) {
  Trouble trouble(5);
  EXPECT_GT(trouble.next(), 1e300);
  EXPECT_FALSE(trouble.worked());
  double time = 100;
  for (const double pause : {5, 10, 20, 40, 80, 160, 300, 300}) {
    trouble.failed(time);
    EXPECT_EQ(trouble.next(), time + pause);
    time += pause;
    trouble.begin();
    EXPECT_GT(trouble.next(), 1e300);
  }
  EXPECT_EQ(trouble.failures(), 8);
  EXPECT_TRUE(trouble.worked());
  EXPECT_EQ(trouble.failures(), 0);
  trouble.failed(1);
  EXPECT_EQ(trouble.next(), 6);
}

TEST(Trouble, IsToldAtOnceAndThenEveryHalfMinute) {
  Trouble trouble(5);
  EXPECT_TRUE(trouble.failed(100));
  EXPECT_FALSE(trouble.failed(100));
  EXPECT_FALSE(trouble.failed(129.9));
  EXPECT_TRUE(trouble.failed(130));
  EXPECT_FALSE(trouble.failed(131));
  trouble.worked();
  EXPECT_TRUE(trouble.failed(132));
}

class RunListenerTest : public CommandTest {
 protected:
  RunListenerTest() {
    config_.run = path("run");
    config_.checkpoint_minutes = 0;
    lock_ = std::make_unique<RunLock>(run(), RunLock::Options{});
    listener_ = std::make_unique<RunListener>(config_, *lock_, Progress::standard_error(), 0.5);
    listener_->open_metrics(0, 0);
  }

  fs::path run() const { return config_.run; }
  static ProgressReport at(std::int64_t step) {
    ProgressReport report;
    report.step = step;
    return report;
  }
  static NamedState state() {
    NamedState state;
    state.put_scalar<std::int64_t>("x", 1);
    return state;
  }
  // All that is told until the writer has made its attempt.
  std::string told(const std::function<void()>& action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
  }
  bool due() { return listener_->checkpoint_is_due(); }
  template <class Condition>
  bool within_seconds(double seconds, const Condition& condition) {
    for (int i = 0; i < seconds * 100; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  Config config_;
  std::unique_ptr<RunLock> lock_;
  std::unique_ptr<RunListener> listener_;
};

// A run that ends before it has done anything leaves nothing that another would write over.
TEST_F(RunListenerTest, AStartIsWrittenWithTheFirstLineOfWhatWasDone) {
  const auto written = [&] {
    std::ifstream file(metrics_path(run()));
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  listener_->begin_metrics({{{"step", std::int64_t{0}}, {"configuration", std::string("c")}}});
  EXPECT_EQ(written(), "");
  EXPECT_FALSE(holds_run(run()));
  listener_->check({10, 2, "ab"});
  EXPECT_EQ(written(),
            "{\"step\":0,\"configuration\":\"c\"}\n"
            "{\"step\":10,\"epoch\":2,\"state_digest\":\"ab\"}\n");
}

TEST_F(RunListenerTest, AFailedCheckpointIsToldOnceAndTriedAgainSoon) {
  fs::create_directory(checkpoint_path(run(), 1));  // in the place of the file
  const std::string said = told([&] {
    listener_->checkpoint(state(), {.step = 1});
    EXPECT_TRUE(within_seconds(20, [&] { return due(); }));
  });
  EXPECT_EQ(said.find("rondo: cannot rename"), 0U) << said;
  EXPECT_NE(said.find("training goes on, and the next attempt comes in 0 s\n"), std::string::npos)
      << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);

  const std::string then = told([&] {
    listener_->checkpoint(state(), {.step = 2});
    EXPECT_TRUE(within_seconds(20, [&] {
      EXPECT_FALSE(due());
      return fs::exists(checkpoint_path(run(), 2));
    }));
    EXPECT_FALSE(within_seconds(0.2, [&] { return due(); }));
  });
  EXPECT_EQ(then, "rondo: checkpoints are written again: that of step 2 is on the disk\n");
}

TEST_F(RunListenerTest, ARemovedFolderIsMadeAgainByTheNextCheckpoint) {
  listener_->report(at(1));
  fs::remove_all(run());
  const std::string said = told([&] {
    for (const int step : {2, 3}) listener_->report(at(step));
    EXPECT_TRUE(within_seconds(20, [&] { return due(); }));  // though there is no rhythm
    listener_->checkpoint(state(), {.step = 4, .last = true});
    listener_->report(at(5));
  });
  EXPECT_NE(said.find("/run' is gone; training goes on, and the lines"), std::string::npos) << said;
  EXPECT_NE(said.find("/run' or the lock in it was removed, and is made again\n"),
            std::string::npos);
  EXPECT_EQ(check_checkpoint(checkpoint_path(run(), 4)), "");
  std::ifstream lines(run() / "metrics.jsonl");
  std::string steps, line;
  while (std::getline(lines, line)) steps += line.substr(0, 10);
  EXPECT_EQ(steps, "{\"step\":2,{\"step\":3,{\"step\":5,");
}

TEST_F(RunListenerTest, TheLastCheckpointIsTriedAFewTimesAndThenTheRunsFailure) {
  fs::create_directory(checkpoint_path(run(), 7));
  const std::string said = told([&] {
    try {
      listener_->checkpoint(state(), {.step = 7, .last = true});
      ADD_FAILURE() << "no error was thrown";
    } catch (const RunError& error) {
      EXPECT_NE(std::string(error.what()).find("last checkpoint, of step 7, is not on the disk"),
                std::string::npos)
          << error.what();
    }
  });
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 4) << said;
}

// A run that stops in a validation has written the checkpoint before it.
TEST_F(RunListenerTest, TheLastCheckpointIsNotWrittenAgain) {
  listener_->checkpoint(state(), {.step = 7});
  listener_->checkpoint(state(), {.step = 7, .last = true, .again = true});
  const fs::path file = checkpoint_path(run(), 7);
  const auto written = fs::last_write_time(file);
  listener_->checkpoint(state(), {.step = 7, .last = true, .again = true});
  EXPECT_EQ(fs::last_write_time(file), written);
  fs::remove(file);
  listener_->checkpoint(state(), {.step = 7, .last = true, .again = true});
  EXPECT_EQ(check_checkpoint(file), "");
  listener_->checkpoint(state(), {.step = 7, .last = true});
  EXPECT_NE(fs::last_write_time(file), written);
}

TEST_F(RunListenerTest, KnowsTheNewestWholeCheckpointUpToAStep) {
  EXPECT_EQ(listener_->newest_checkpoint(9), -1);
  for (const int step : {2, 4, 6, 8})
    listener_->checkpoint(state(), {.step = step, .good_step = 3});
  EXPECT_EQ(listener_->newest_checkpoint(9), 8);
  std::ofstream(checkpoint_path(run(), 6)) << "damaged";
  EXPECT_EQ(listener_->newest_checkpoint(7), 4);
  EXPECT_EQ(listener_->newest_checkpoint(1), -1);
}

TEST_F(RunListenerTest, ALostLockEndsTheRun) {
  std::ofstream(path("another")) << "another run's";
  fs::rename(path("another"), run() / "lock");
  EXPECT_THROW(listener_->report(at(1)), LostLock);
  EXPECT_THROW(listener_->checkpoint(state(), {.step = 1}), LostLock);
  EXPECT_EQ(list_checkpoints(run()).size(), 0U);
}

}  // namespace
}  // namespace rondo::apps
