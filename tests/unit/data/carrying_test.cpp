// Sequences that go on from window to window: where the plans lay them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/packing_advice.hpp"
#include "rondo/data/sequence_plan.hpp"

namespace rondo {
namespace {

using Lengths = std::vector<std::int32_t>;

PackingShape shape_of(std::int64_t lanes, std::int64_t window, Laying laying, bool shuffle = true) {
  PackingShape shape;
  shape.lanes = lanes;
  shape.window = window;
  shape.seed = 3;
  shape.shuffle = shuffle;
  shape.laying = laying;
  return shape;
}

std::vector<PackedWindow> windows_of(const Lengths& lengths, const PackingShape& shape,
                                     std::int64_t epochs) {
  const auto plan = make_plan(lengths, shape);
  std::vector<PackedWindow> windows;
  for (PackedWindow window; plan->next(window), window.epoch < epochs;) windows.push_back(window);
  return windows;
}

Lengths mixed_lengths(std::size_t sequences) {
  const RandomStream random(5, Purpose::test);
  Lengths lengths;
  for (std::uint64_t i = 0; i < sequences; ++i) {
    const std::uint64_t bound = random.below(8, 2 * i) == 0 ? 90 : 12;
    lengths.push_back(1 + static_cast<std::int32_t>(random.below(bound, 2 * i + 1)));
  }
  return lengths;
}

// All steps of all sequences, once in each epoch; what goes on does so where it left off.
void expect_sound(const Lengths& lengths, const PackingShape& shape) {
  const auto plan = make_plan(lengths, shape);
  constexpr std::int64_t epochs = 3;
  const auto windows = windows_of(lengths, shape, epochs);
  ASSERT_EQ(plan->windows_of(epochs), static_cast<std::int64_t>(windows.size()));
  std::vector<std::int64_t> seen(lengths.size());  // steps
  struct Last {
    std::int64_t sequence = -1;
    std::int32_t step = 0, end = 0;  // of it, behind the last; in the window
  };
  std::map<std::int32_t, Last> lanes;
  PackedWindow window;
  window.placed.reserve(static_cast<std::size_t>(plan->most_sequences()));
  const PlacedSequence* const memory = window.placed.data();
  for (std::size_t index = 0; index < windows.size(); ++index) {
    plan->next(window);
    ASSERT_EQ(window, windows[index]);
    ASSERT_EQ(window.placed.data(), memory);  // never allocated again
    const bool begins = index == 0 || windows[index - 1].epoch != window.epoch;
    const bool closes = index + 1 == windows.size() || windows[index + 1].epoch != window.epoch;
    if (begins) lanes.clear();
    ASSERT_LE(window.times, plan->longest_window());
    if (!closes) {
      ASSERT_EQ(window.times, plan->longest_window());
    }
    std::int32_t fullest = 0;
    for (auto& [lane, last] : lanes) last.end = 0;
    std::int32_t lane_before = 0;
    for (const PlacedSequence& placed : window.placed) {
      ASSERT_GE(placed.lane, lane_before);
      ASSERT_LT(placed.lane, shape.lanes);
      lane_before = placed.lane;
      const auto sequence = static_cast<std::size_t>(placed.sequence);
      Last& last = lanes[placed.lane];
      ASSERT_EQ(placed.first, last.end);  // end to end
      const bool goes_on =
          last.sequence == placed.sequence && last.step == placed.step && placed.step > 0;
      ASSERT_EQ(placed.fresh, !goes_on);
      if (placed.fresh && shape.laying == Laying::carried) {
        ASSERT_EQ(placed.step, 0);
      }
      if (placed.step == 0) {
        ASSERT_TRUE(placed.fresh);
      }
      if (!goes_on && last.sequence >= 0) {  // the one before is done
        ASSERT_EQ(last.step, lengths[static_cast<std::size_t>(last.sequence)]);
      }
      ASSERT_GE(placed.length, 1);
      ASSERT_LE(placed.step + placed.length, lengths[sequence]);
      seen[sequence] += placed.length;
      last = {placed.sequence, placed.step + placed.length, placed.first + placed.length};
      fullest = std::max(fullest, last.end);
    }
    ASSERT_EQ(fullest, window.times);
    if (!closes) continue;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      ASSERT_EQ(seen[i], lengths[i] * (window.epoch + 1)) << i;
    }
  }
}

TEST(CarriedSequences, GoOnInTheirLanes) {
  const Lengths lengths = mixed_lengths(700);
  for (const Laying laying : {Laying::carried, Laying::divided}) {
    for (const bool shuffle : {true, false}) {
      for (const std::int64_t window : {1, 7, 40, 5000}) {
        SCOPED_TRACE(window);
        expect_sound(lengths, shape_of(5, window, laying, shuffle));
        expect_sound({1000}, shape_of(3, window, laying, shuffle));
        expect_sound({1, 1, 1, 1, 1}, shape_of(2, window, laying, shuffle));
      }
    }
  }
}

// Golden: part of numerics version 1.
TEST(CarriedSequences, GoToTheLaneThatIsFreeFirst) {
  const Lengths lengths{3, 9, 2, 4, 5};
  const auto windows = windows_of(lengths, shape_of(2, 4, Laying::carried, false), 1);
  ASSERT_EQ(windows.size(), 4U);
  const std::vector<std::vector<PlacedSequence>> expected = {
      {{0, 0, 0, 3, 0, true}, {2, 0, 3, 1, 0, true}, {1, 1, 0, 4, 0, true}},
      {{2, 0, 0, 1, 1, false}, {3, 0, 1, 3, 0, true}, {1, 1, 0, 4, 4, false}},
      {{3, 0, 0, 1, 3, false}, {4, 0, 1, 3, 0, true}, {1, 1, 0, 1, 8, false}},
      {{4, 0, 0, 2, 3, false}}};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(windows[i].placed, expected[i]);
  EXPECT_EQ(windows.back().times, 2);
  std::vector<std::int64_t> shuffled;
  for (const PackedWindow& window : windows_of(lengths, shape_of(2, 4, Laying::carried), 2)) {
    for (const PlacedSequence& placed : window.placed) {
      if (placed.fresh) shuffled.push_back(placed.sequence);
    }
  }
  EXPECT_EQ(shuffled, (std::vector<std::int64_t>{1, 3, 2, 4, 0, 3, 1, 0, 2, 4}));
}

TEST(CarriedSequences, OneThatIsDividedOccupiesAllLanes) {
  const Lengths lengths{10};
  const auto windows = windows_of(lengths, shape_of(3, 3, Laying::divided), 1);
  ASSERT_EQ(windows.size(), 2U);  // lanes of four steps, the last one of two
  EXPECT_EQ(windows[0].placed,
            (std::vector<PlacedSequence>{
                {0, 0, 0, 3, 0, true}, {0, 1, 0, 3, 4, true}, {0, 2, 0, 2, 8, true}}));
  EXPECT_EQ(windows[1].placed,
            (std::vector<PlacedSequence>{{0, 0, 0, 1, 3, false}, {0, 1, 0, 1, 7, false}}));
  EXPECT_EQ(windows[1].times, 1);
}

TEST(CarriedSequences, SeekIsReplay) {
  const Lengths lengths = mixed_lengths(300);
  for (const Laying laying : {Laying::carried, Laying::divided}) {
    const PackingShape shape = shape_of(4, 20, laying);
    const auto windows = windows_of(lengths, shape, 3);
    const auto jumping = make_plan(lengths, shape);
    PackedWindow window;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::size_t index = i * 37 % windows.size();
      jumping->seek(static_cast<std::int64_t>(index));
      EXPECT_EQ(jumping->windows_of(2),
                std::ranges::count_if(windows, [](const auto& w) { return w.epoch < 2; }));
      jumping->next(window);
      ASSERT_EQ(window, windows[index]);
      const auto resumed = make_plan(lengths, shape);
      resumed->seek(static_cast<std::int64_t>(index));
      resumed->next(window);
      ASSERT_EQ(window, windows[index]);
    }
  }
}

TEST(CarriedSequences, FillTheirLanesAndSayWhichWouldBeFuller) {
  const Lengths many(2000, 9);
  const PackingSummary full = packing_summary(many, shape_of(8, 40, Laying::carried));
  EXPECT_EQ(full.filled, 1);
  EXPECT_EQ(full.windows, 2000 * 9 / 8 / 40 + 1);
  EXPECT_EQ(full.without_end, 0);
  EXPECT_FALSE(fuller_lanes(many, shape_of(8, 40, Laying::carried)));
  EXPECT_FALSE(better_window(many, shape_of(8, 40, Laying::carried)));
  // Three of a thousand steps: in 32 lanes three are at work.
  const Lengths few(3, 1000);
  const PackingSummary empty = packing_summary(few, shape_of(32, 100, Laying::carried));
  EXPECT_NEAR(empty.filled, 3.0 / 32, 1e-12);
  EXPECT_EQ(empty.without_end, 9);
  const auto fuller = fuller_lanes(few, shape_of(32, 100, Laying::carried));
  ASSERT_TRUE(fuller);
  EXPECT_EQ(fuller->lanes, 1);
  EXPECT_EQ(fuller->filled, 1);
  EXPECT_GT(packing_summary(few, shape_of(32, 10, Laying::divided)).filled, 0.99);
}

TEST(CarriedSequences, RefusesWhatNoWindowHolds) {
  const Lengths lengths{1, 2'000'000'000};
  EXPECT_NO_THROW(plan_bytes(lengths, shape_of(2, 1'000'000'000, Laying::carried)));
  EXPECT_THROW(plan_bytes(lengths, shape_of(3, 1'000'000'000, Laying::carried)), InputError);
}

}  // namespace
}  // namespace rondo
