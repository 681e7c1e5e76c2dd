#include "rondo/data/window_cuts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/data/stream_windows.hpp"

namespace rondo {
namespace {

TEST(WindowLengths, AreThePapersDistribution) {
  const WindowLengths lengths{70, true, 3};
  constexpr int draws = 100'000;
  int halves = 0;
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const std::int64_t length = lengths.length(i);
    ASSERT_GE(length, 5);
    ASSERT_LE(length, lengths.longest());
    if (length < 52) {  // halfway between the two humps, three deviations from each
      ++halves;
      continue;
    }
    sum += static_cast<double>(length);
    squares += static_cast<double>(length) * static_cast<double>(length);
  }
  const double whole = draws - halves, mean = sum / whole;
  EXPECT_NEAR(halves, 0.05 * draws, 300);  // four deviations
  EXPECT_NEAR(mean, 69.5, 0.07);           // the floor of a normal deviate around 70
  EXPECT_NEAR(std::sqrt(squares / whole - mean * mean), 5, 0.06);
}

TEST(WindowLengths, AreAFunctionOfSeedAndWindow) {
  const WindowLengths lengths{70, true, 3}, others{70, true, 4};
  int same = 0;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(lengths.length(i), (WindowLengths{70, true, 3}.length(i)));
    same += lengths.length(i) == others.length(i) ? 1 : 0;
  }
  EXPECT_LT(same, 20);
}

TEST(WindowLengths, OfShortWindowsAreAtLeastOne) {
  for (const std::int64_t window : {1, 2, 5, 7}) {
    const WindowLengths lengths{window, true, 1};
    for (int i = 0; i < 1000; ++i) {
      EXPECT_GE(lengths.length(i), std::min<std::int64_t>(window, 5));
      EXPECT_LE(lengths.length(i), window + 20);
    }
  }
}

// Epoch after epoch, from one end of the lanes to the other, without gaps.
void expect_contiguous(const WindowLengths& lengths, std::int64_t lane_tokens) {
  WindowCuts cuts(lengths, lane_tokens);
  std::int64_t epoch = 0, start = 0;
  for (std::int64_t index = 0; index < 300; ++index) {
    const WindowCuts::Cut place = cuts.cut(index);
    EXPECT_EQ(place.epoch, epoch);
    EXPECT_EQ(place.start, start);
    EXPECT_EQ(place.times, std::min(lengths.length(index), lane_tokens - start));
    start += place.times;
    if (start < lane_tokens) continue;
    EXPECT_EQ(start, lane_tokens);
    EXPECT_EQ(cuts.windows_of(epoch + 1), index + 1);
    start = 0;
    ++epoch;
  }
  EXPECT_GE(epoch, 3);
}

TEST(WindowCuts, CoverEveryEpoch) {
  for (const bool varies : {false, true}) {
    for (const std::int64_t lane_tokens : {1, 3, 40, 1000}) {
      expect_contiguous({13, varies, 5}, lane_tokens);
    }
  }
}

TEST(WindowCuts, AnyOrderOfCallsGivesTheSamePlaces) {
  const WindowLengths lengths{13, true, 5};
  WindowCuts forward(lengths, 200), jumping(lengths, 200);
  std::vector<WindowCuts::Cut> places;
  for (std::int64_t index = 0; index < 100; ++index) places.push_back(forward.cut(index));
  for (const std::size_t index : {50U, 50U, 3U, 99U, 0U, 51U}) {
    const WindowCuts::Cut place = jumping.cut(static_cast<std::int64_t>(index));
    EXPECT_EQ(place.epoch, places[index].epoch);
    EXPECT_EQ(place.start, places[index].start);
    EXPECT_EQ(place.times, places[index].times);
  }
}

TEST(WindowCuts, RefuseMoreThanCanBeCounted) {
  const WindowCuts cuts({1, true, 1}, 1);
  EXPECT_THROW(cuts.windows_of(WindowCuts::most_varying + 1), InputError);
}

// What the batcher cuts, and where it says that lanes stand, from any window on.
TEST(WindowCuts, AreTheBatchers) {
  std::vector<std::int32_t> tokens(1000);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<std::int32_t>(i);
  const StreamWindows source(make_memory_source(tokens, {0, 300}));
  LaneLayout layout{.lanes = 4, .first_lane = 1, .last_lane = 3, .window = 13, .seed = 5};
  layout.varies = true;
  WindowCuts cuts(layout.lengths(), 250);
  Batcher whole(source.reader(layout), 0);
  StreamCursors cursors(1000, layout);
  for (std::int64_t index = 0; index < 70; ++index) {
    const Window& expected = whole.next();
    const WindowCuts::Cut place = cuts.cut(index);
    EXPECT_EQ(expected.axes[0].times, place.times);
    EXPECT_EQ(expected.epoch, place.epoch);
    Batcher resumed(source.reader(layout), index);
    const Window& window = resumed.next();
    EXPECT_EQ(window.axes[0].times, expected.axes[0].times);
    EXPECT_EQ(window.axes[0].tokens, expected.axes[0].tokens);
    EXPECT_EQ(window.axes[0].resets, expected.axes[0].resets);
    EXPECT_EQ(cursors(2, index), 500 + place.start);
    EXPECT_EQ(cursors(1, index), 250 + place.start);
  }
}

}  // namespace
}  // namespace rondo
