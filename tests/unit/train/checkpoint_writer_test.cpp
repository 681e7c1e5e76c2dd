#include "rondo/train/checkpoint_writer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>

#include "io/file_system.hpp"
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

  static std::shared_ptr<const NamedState> state_of(std::int64_t step) {
    NamedState state;
    state.put_scalar<std::int64_t>("counters/step", step);
    return std::make_shared<const NamedState>(std::move(state));
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
  EXPECT_EQ(writer.take_news().trouble, "");
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

// Lets no file be written while it lives.
class ClosedDisk {
 public:
  ClosedDisk() : calls_(file_system()), closed_(gate_) {
    file_system().rename = [](const char* from, const char* to) {
      const std::lock_guard open(gate_);
      return std::rename(from, to);
    };
  }
  void open() { closed_.unlock(); }
  ~ClosedDisk() { file_system() = calls_; }
  ClosedDisk(const ClosedDisk&) = delete;
  ClosedDisk& operator=(const ClosedDisk&) = delete;

 private:
  static inline std::mutex gate_;
  FileSystem calls_;
  std::unique_lock<std::mutex> closed_;
};

TEST_F(CheckpointWriterTest, WaitsAsLongAsItIsToldForWhatWasSubmitted) {
  ClosedDisk disk;
  CheckpointWriter writer(folder_, *lock_, 5);
  EXPECT_TRUE(writer.drain_for(std::chrono::milliseconds(0)));
  writer.submit(state_of(1), 1, false);
  EXPECT_FALSE(writer.drain_for(std::chrono::milliseconds(20)));
  disk.open();
  EXPECT_TRUE(writer.drain_for(std::chrono::minutes(1)));
  EXPECT_EQ(writer.written_step(), 1);
}

TEST_F(CheckpointWriterTest, AFailedWriteIsToldOnceAndTheNextOneTriesAgain) {
  fs::create_directory(checkpoint_path(folder_, 2));  // in the place of the file
  CheckpointWriter writer(folder_, *lock_, 5);
  writer.submit(state_of(1), 1, false);
  writer.submit(state_of(2), 2, false);
  writer.drain();
  CheckpointWriter::News news = writer.take_news();
  EXPECT_NE(news.trouble.find("checkpoint-000000000002.h5"), std::string::npos);
  EXPECT_TRUE(news.failing);
  EXPECT_FALSE(news.lost_lock);
  news = writer.take_news();
  EXPECT_EQ(news.trouble, "");
  EXPECT_TRUE(news.failing);
  EXPECT_EQ(writer.written_step(), 1);
  EXPECT_EQ(step_in(checkpoint_path(folder_, 1)), 1);
  writer.submit(state_of(3), 3, false);
  writer.drain();
  news = writer.take_news();
  EXPECT_EQ(news.trouble, "");
  EXPECT_FALSE(news.failing);
  EXPECT_EQ(step_in(checkpoint_path(folder_, 3)), 3);
}

TEST_F(CheckpointWriterTest, AFailureIsToldThoughALaterWriteWorked) {
  fs::create_directory(checkpoint_path(folder_, 1));
  CheckpointWriter writer(folder_, *lock_, 5);
  writer.submit(state_of(1), 1, false);
  writer.submit(state_of(2), 2, false);
  writer.drain();
  const CheckpointWriter::News news = writer.take_news();
  EXPECT_NE(news.trouble.find("checkpoint-000000000001.h5"), std::string::npos);
  EXPECT_FALSE(news.failing);
}

TEST_F(CheckpointWriterTest, ABestOneThatCouldNotBeWrittenIsTriedWithEveryLaterOne) {
  CheckpointWriter writer(folder_, *lock_, 5);
  writer.submit(state_of(1), 1, true);
  writer.drain();
  fs::remove(best_path(folder_));
  fs::create_directory(best_path(folder_));  // in the place of the file
  for (const std::int64_t step : {2, 3}) {
    writer.submit(state_of(step), step, step == 2);
    writer.drain();
    const CheckpointWriter::News news = writer.take_news();
    EXPECT_NE(news.trouble.find("best.h5"), std::string::npos);
    EXPECT_TRUE(news.failing);
    EXPECT_EQ(writer.written_step(), step);  // the newest does not wait for the best
  }
  fs::remove(best_path(folder_));
  writer.submit(state_of(4), 4, false);
  writer.drain();
  EXPECT_FALSE(writer.take_news().failing);
  EXPECT_EQ(step_in(best_path(folder_)), 2);
  EXPECT_EQ(step_in(checkpoint_path(folder_, 4)), 4);
  fs::remove(best_path(folder_));
  writer.submit(state_of(5), 5, false);
  writer.drain();
  EXPECT_FALSE(fs::exists(best_path(folder_)));  // once was enough
}

TEST_F(CheckpointWriterTest, WhatCannotBeRemovedIsNoFailedCheckpoint) {
  fs::create_directories(checkpoint_path(folder_, 1) / "in the way");
  CheckpointWriter writer(folder_, *lock_, 1);
  writer.submit(state_of(2), 2, false);
  writer.drain();
  const CheckpointWriter::News news = writer.take_news();
  EXPECT_NE(news.trouble.find("cannot remove"), std::string::npos) << news.trouble;
  EXPECT_FALSE(news.failing);
  EXPECT_EQ(writer.written_step(), 2);
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
  const CheckpointWriter::News news = writer.take_news();
  EXPECT_NE(news.trouble.find("lost the lock"), std::string::npos);
  EXPECT_TRUE(news.lost_lock);
  EXPECT_EQ(writer.written_step(), 1);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(step_in(folder_ / "best.h5"), 1);
}

}  // namespace
}  // namespace rondo
