// What the lane batcher's thread reads, and what becomes of its errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

#include "data/windows/stream_reader.hpp"
#include "rondo/core/errors.hpp"
#include "stream_window.hpp"

namespace rondo {
namespace {

// Remembers which tokens were read; fails at and behind `broken`.
class WatchedSource final : public TokenSource {
 public:
  WatchedSource(std::int64_t size, std::int64_t broken, std::chrono::milliseconds delay = {})
      : broken_(broken), size_(size), delay_(delay) {}
  std::int64_t size() const override { return size_; }
  const std::vector<std::int64_t>& documents() const override { return documents_; }
  void read(std::int64_t first, std::span<std::int32_t> tokens) const override {
    const std::int64_t last = first + static_cast<std::int64_t>(tokens.size());
    if (last > broken_) throw InputError("the disk is broken");
    std::this_thread::sleep_for(delay_);
    lowest = std::min(lowest, first);
    highest = std::max(highest, last);
    total += last - first;
    ++reads;
    std::iota(tokens.begin(), tokens.end(), static_cast<std::int32_t>(first));
  }
  mutable std::int64_t lowest = INT64_MAX, highest = 0, total = 0, reads = 0;

 private:
  std::int64_t broken_, size_;
  std::chrono::milliseconds delay_;
  std::vector<std::int64_t> documents_{0};
};

TEST(ReadingAhead, IsOfOnesOwnLanesAloneInLongRuns) {
  const WatchedSource source(80'000, 80'000);
  {
    const LaneLayout layout{.lanes = 8, .first_lane = 2, .last_lane = 4, .window = 50};
    Batcher batcher(std::make_unique<StreamReader>(source, layout), 0);
    for (std::int64_t w = 0; w < 200; ++w) batcher.next();
  }
  EXPECT_EQ(source.lowest, 20'000);
  EXPECT_EQ(source.highest, 40'001);
  // A run's end is read twice where it cuts a window; the next epoch is read ahead.
  EXPECT_LE(source.total, 20'000 + 2 * (3 * 51 + 4096));
  EXPECT_LE(source.reads, 2 * 3 + 2);
}

// Good windows come first: the source is slow, so that the caller already waits for the last of
// them when the thread goes on and fails.
TEST(ReadingAhead, HandsItsErrorsToTheCaller) {
  for (int repetition = 0; repetition < 20; ++repetition) {
    const WatchedSource source(40'000, 10'000, std::chrono::milliseconds(1));
    const LaneLayout layout{.lanes = 1, .first_lane = 0, .last_lane = 1, .window = 4'500};
    Batcher batcher(std::make_unique<StreamReader>(source, layout), 0);
    ASSERT_EQ(test::inputs_of(batcher.next())[0], 0);
    ASSERT_EQ(test::inputs_of(batcher.next())[0], 4'500);
    ASSERT_THROW(batcher.next(), InputError);
    ASSERT_THROW(batcher.next(), InputError);  // and it stays an error
  }
}

}  // namespace
}  // namespace rondo
