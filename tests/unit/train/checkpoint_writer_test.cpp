#include "rondo/train/checkpoint_writer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "rondo/io/checkpoint.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class CheckpointWriterTest : public testing::Test {
 protected:
  CheckpointWriterTest()
      : folder_(fs::temp_directory_path() / fmt::format("rondo-writer-{}", getpid())),
        lock_(std::make_unique<RunLock>(folder_, RunLock::Options{})) {}
  ~CheckpointWriterTest() override {
    lock_.reset();
    fs::remove_all(folder_);
  }

  static NamedState state_of(std::int64_t step) {
    NamedState state;
    state.put_scalar<std::int64_t>("counters/step", step);
    return state;
  }
  static std::int64_t step_in(const fs::path& file) {
    return read_checkpoint(file).get_scalar<std::int64_t>("counters/step");
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.insert(entry.path().filename().string());
    }
    names.erase("lock");
    return names;
  }

  fs::path folder_;
  std::unique_ptr<RunLock> lock_;
};

using Names = std::set<std::string>;

TEST_F(CheckpointWriterTest, KeepsTheNewestAndTheBest) {
  CheckpointWriter writer(folder_, *lock_, 2);
  EXPECT_EQ(writer.written_step(), -1);
  for (const std::int64_t step : {10, 20, 30, 40}) writer.submit(state_of(step), step, step == 20);
  writer.drain();
  EXPECT_EQ(writer.take_error(), "");
  EXPECT_EQ(writer.written_step(), 40);
  EXPECT_EQ(files(),
            (Names{"best.h5", "checkpoint-000000000030.h5", "checkpoint-000000000040.h5"}));
  EXPECT_EQ(step_in(folder_ / "best.h5"), 20);
  EXPECT_EQ(step_in(checkpoint_path(folder_, 40)), 40);
}

TEST_F(CheckpointWriterTest, WritesWhatWasSubmittedBeforeItEnds) {
  {
    CheckpointWriter writer(folder_, *lock_, 5);
    writer.submit(state_of(1), 1, false);
    writer.submit(state_of(2), 2, false);
  }
  EXPECT_EQ(files(), (Names{"checkpoint-000000000001.h5", "checkpoint-000000000002.h5"}));
}

TEST_F(CheckpointWriterTest, AFailedWriteIsToldOnceAndTheNextOneTriesAgain) {
  fs::create_directory(checkpoint_path(folder_, 2));  // in the place of the file
  CheckpointWriter writer(folder_, *lock_, 5);
  writer.submit(state_of(1), 1, false);
  writer.submit(state_of(2), 2, false);
  writer.drain();
  EXPECT_NE(writer.take_error().find("checkpoint-000000000002.h5"), std::string::npos);
  EXPECT_EQ(writer.take_error(), "");
  EXPECT_EQ(writer.written_step(), 1);
  EXPECT_EQ(step_in(checkpoint_path(folder_, 1)), 1);
  writer.submit(state_of(3), 3, false);
  writer.drain();
  EXPECT_EQ(writer.take_error(), "");
  EXPECT_EQ(step_in(checkpoint_path(folder_, 3)), 3);
}

TEST_F(CheckpointWriterTest, ARunThatHasLostItsLockWritesAndDeletesNothing) {
  CheckpointWriter writer(folder_, *lock_, 1);
  writer.submit(state_of(1), 1, true);
  writer.drain();
  const Names before = files();
  fs::remove(folder_ / "lock");
  std::ofstream(folder_ / "lock") << "another run's";
  writer.submit(state_of(2), 2, true);
  writer.drain();
  EXPECT_NE(writer.take_error().find("lost the lock"), std::string::npos);
  EXPECT_EQ(writer.written_step(), 1);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(step_in(folder_ / "best.h5"), 1);
}

}  // namespace
}  // namespace rondo
