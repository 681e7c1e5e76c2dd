#include "rondo/data/packing_advice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/data/packing.hpp"

namespace rondo {
namespace {

using Lengths = std::vector<std::int32_t>;

// Two windows: of 8 steps with 8 and 8, then of 6 with 3, 2 and 2.
TEST(PackingSummary, IsOfItsWindows) {
  const Lengths lengths{8, 8, 3, 2, 2};
  const PackingSummary summary = packing_summary(lengths, {2, 6, 1, 1, false});
  EXPECT_EQ(summary.windows, 2);
  EXPECT_EQ(summary.longest, 8);
  EXPECT_EQ(summary.sequences_mean, 2.5);
  EXPECT_EQ(summary.sequences_p5, 2);
  EXPECT_EQ(summary.sequences_p95, 3);
  EXPECT_EQ(summary.filled, 23.0 / 28);
}

TEST(PackingSummary, IsOfItsEpoch) {
  Lengths lengths;
  for (std::int32_t i = 0; i < 500; ++i) lengths.push_back(1 + i % 37);
  const PackingShape shape{4, 50, 1, 1, true};
  std::int64_t windows = 0;
  for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
    windows += packing_summary(lengths, shape, epoch).windows;
  }
  EXPECT_EQ(windows, PackingPlan(lengths, shape).windows_of(3));
}

TEST(BetterWindow, OfEqualLengthsJustHoldsThem) {
  const Lengths lengths(100'000, 21);
  const auto better = better_window(lengths, {32, 40, 1, 1, true});
  ASSERT_TRUE(better);
  EXPECT_EQ(better->window, 42);
  EXPECT_EQ(better->lanes, 32);
  EXPECT_NEAR(better->filled_now, 21.0 / 40, 0.01);
  EXPECT_GT(better->then.filled, 0.99);
  EXPECT_FALSE(better_window(lengths, {32, 42, 1, 1, true}));
}

// Words: all sentences have 10, and fill a window of 20. Letters: a sentence has 10 or 90, so that
// two of a window's 100 are too many, or far too few.
TEST(BetterWindow, FillsTheSecondAxisToo) {
  const RandomStream random(2, Purpose::test);
  const Lengths lengths(20'000, 10);
  Lengths letters;
  for (std::uint64_t i = 0; i < lengths.size(); ++i) {
    letters.push_back(static_cast<std::int32_t>(10 + 80 * random.below(2, i)));
  }
  PackingShape shape{32, 20, 1, 1, true};
  EXPECT_FALSE(better_window(lengths, shape));
  shape.second = letters;
  const PackingSummary now = packing_summary(lengths, shape);
  EXPECT_GT(now.second_filled, 0);
  EXPECT_EQ(now.filled_at_least(), std::min(now.filled, now.second_filled));
  const auto better = better_window(lengths, shape);
  ASSERT_TRUE(better) << now.filled << " " << now.second_filled;
  EXPECT_GT(better->window, 20);
  EXPECT_GE(better->then.filled_at_least(), now.filled_at_least() + 0.05);
}

// A second axis that is filled badly, the first one well: a sentence of words as long as all
// others' together makes the window of letters longer, not the one of words.
TEST(PackingSummary, TellsTheSecondAxisApart) {
  const Lengths lengths{6, 6, 6, 6}, letters{6, 6, 6, 30};
  PackingShape shape{1, 6, 1, 1, false};
  shape.second = letters;
  const PackingSummary summary = packing_summary(lengths, shape);
  EXPECT_EQ(summary.filled, 1);
  EXPECT_EQ(summary.second_filled, 48.0 / (12 + 12 + 12 + 30));
  EXPECT_EQ(summary.filled_at_least(), summary.second_filled);
}

TEST(BetterWindow, OfAHeavyTailIsLongerWithFewerLanes) {
  const RandomStream random(1, Purpose::test);
  Lengths lengths;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    lengths.push_back(static_cast<std::int32_t>(4'000 / (1 + random.below(1'000, i))));
  }
  const auto better = better_window(lengths, {32, 128, 1, 1, true});
  ASSERT_TRUE(better);
  EXPECT_GT(better->window, 256);
  EXPECT_LT(better->lanes, 32);
  EXPECT_EQ(better->lanes % 8, 0);
  EXPECT_GE(better->then.filled, better->filled_now + 0.05);
}

TEST(BetterLanes, GiveAnEpochTwentyUpdates) {
  const Lengths lengths(1000, 8);
  const PackingShape shape{64, 32, 1, 1, true};
  EXPECT_EQ(better_lanes(lengths, shape), 8);  // 250 lanes' worth: 16 would give 16 updates
  EXPECT_EQ(better_lanes(lengths, {8, 32, 1, 1, true}), std::nullopt);
  EXPECT_EQ(better_lanes(Lengths(100, 8), shape), 1);  // 25 lanes' worth
  EXPECT_EQ(better_lanes(Lengths(10, 8), shape), std::nullopt);
}

}  // namespace
}  // namespace rondo
