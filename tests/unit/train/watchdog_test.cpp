#include "rondo/train/watchdog.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "rondo/comm/in_process.hpp"

namespace rondo {
namespace {

using std::chrono::milliseconds;

// What all ranks' watchdogs say and do.
class Heard {
 public:
  Watchdog::Options options(double limit) {
    return {limit, [this](const std::string& sentence) { note(sentence); },
            [this] { ends_.fetch_add(1); }};
  }
  int ends() const { return ends_.load(); }
  std::vector<std::string> sentences() const {
    const std::lock_guard guard(mutex_);
    return sentences_;
  }
  std::string all() const {
    std::string text;
    for (const std::string& sentence : sentences()) text += sentence + "\n";
    return text;
  }

 private:
  void note(const std::string& sentence) {
    const std::lock_guard guard(mutex_);
    sentences_.push_back(sentence);
  }
  mutable std::mutex mutex_;
  std::vector<std::string> sentences_;
  std::atomic<int> ends_{0};
};

TEST(Watchdog, ARunThatMovesIsLeftAlone) {
  Heard heard;
  run_in_process(3, [&](Communicator& world) {
    Pulse pulse;
    Watchdog watchdog(world, pulse, heard.options(0.4));
    for (std::int64_t step = 1; step <= 60; ++step) {
      pulse.begin_step(step);
      pulse.enter(Activity::forward);
      // Rank 2 alone works, for longer than the limit; the others wait for it.
      if (world.rank() == 2) {
        for (int part = 0; part < (step == 30 ? 80 : 1); ++part) {
          std::this_thread::sleep_for(milliseconds(10));
          pulse.beat();
        }
      }
      pulse.enter(Activity::reduce);
      world.barrier();
    }
    watchdog.finish();
  });
  EXPECT_EQ(heard.ends(), 0) << heard.all();
}

TEST(Watchdog, AHangIsReportedAndEnded) {
  Heard heard;
  run_in_process(3, [&](Communicator& world) {
    Pulse pulse;
    Watchdog watchdog(world, pulse, heard.options(0.6));
    pulse.begin_step(5);
    pulse.enter(world.rank() == 1 ? Activity::forward : Activity::reduce);
    if (world.rank() == 1) {
      while (heard.ends() == 0) std::this_thread::sleep_for(milliseconds(5));
    }
    world.barrier();
    watchdog.finish();
  });
  EXPECT_GE(heard.ends(), 1);
  const std::vector<std::string> sentences = heard.sentences();
  ASSERT_GE(sentences.size(), 2U) << heard.all();
  for (const std::string& sentence : {sentences.front(), sentences.back()}) {
    EXPECT_EQ(sentence.find("rank 0 on "), 0U) << sentence;
    EXPECT_NE(sentence.find("rank 1 on "), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("is in forward of step 5, 2 ranks have come to reduce of step 5"),
              std::string::npos)
        << sentence;
  }
}

TEST(Watchdog, ARankAloneIsWatchedToo) {
  Heard heard;
  const auto world = make_single();
  const Pulse pulse;
  Watchdog watchdog(*world, pulse, heard.options(0.2));
  while (heard.ends() == 0) std::this_thread::sleep_for(milliseconds(5));
  watchdog.finish();
  EXPECT_NE(heard.all().find("this rank is in start of step 0; the run ends here"),
            std::string::npos);
}

// An error: nobody takes leave, and nobody waits for anybody.
TEST(Watchdog, BreaksOffAtOnceWithoutFinish) {
  const auto begin = std::chrono::steady_clock::now();
  run_in_process(2, [&](Communicator& world) {
    const Pulse pulse;
    Heard heard;
    const Watchdog watchdog(world, pulse, heard.options(600));
    if (world.rank() == 1) std::this_thread::sleep_for(milliseconds(50));
    world.barrier();
  });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace rondo
