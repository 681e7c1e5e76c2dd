#include "rondo/core/thinning.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace rondo {
namespace {

constexpr int lanes = 3, times = 14;

// Two lanes of sequences that begin at multiples of 4, and one of none.
Window window_of_three() {
  Window window;
  window.lanes = lanes;
  WindowAxis& axis = window.axes[0];
  axis.times = times;
  axis.spans = {{7, 0, 0, 5}, {9, 0, 8, 6}, {4, 2, 4, 1}};
  axis.begins = {0, 2, 2, 3};
  return window;
}

TEST(Thinning, CountsWhatIsLeftOverAsAStep) {
  const Thinning thinning{3, 2};
  EXPECT_EQ(thinning.together(), 9);
  EXPECT_EQ(thinning.together(1), 3);
  EXPECT_EQ(thinning.left_of(9), 1);
  EXPECT_EQ(thinning.left_of(10), 2);
  EXPECT_EQ(thinning.left_of(10, 1), 4);
  EXPECT_EQ(Thinning().together(), 1);
  EXPECT_EQ(Thinning().left_of(10), 10);
  EXPECT_EQ(thinned(0), 2);
  EXPECT_EQ(thinned(2), 3);
  EXPECT_EQ(thinnings_of(1), 0);
  EXPECT_EQ(thinnings_of(3), 2);
}

TEST(Thinning, ThinsEachSequenceFromItsOwnFirstStep) {
  Window window = window_of_three();
  add_thinned_axes({2, 2}, window);
  ASSERT_EQ(window.axes.size(), 4U);
  const std::vector<std::vector<std::pair<int, int>>> expected = {{{0, 3}, {4, 3}, {2, 1}},
                                                                  {{0, 2}, {2, 2}, {1, 1}}};
  for (std::size_t level = 0; level < 2; ++level) {
    const WindowAxis& axis = window.axes[2 + level];
    EXPECT_EQ(axis.times, level == 0 ? 7 : 4);
    EXPECT_EQ(axis.begins, window.axes[0].begins);
    ASSERT_EQ(axis.spans.size(), 3U);
    std::vector<Owner> owners(static_cast<std::size_t>(axis.times * lanes));
    std::vector<std::uint8_t> resets(owners.size(), 1);
    for (std::size_t i = 0; i < 3; ++i) {
      const Span &span = axis.spans[i], &whole = window.axes[0].spans[i];
      EXPECT_EQ(span.sequence, whole.sequence);
      EXPECT_EQ(span.lane, whole.lane);
      EXPECT_EQ(std::pair(span.first, span.length), expected[level][i]);
      for (std::int32_t step = 0; step < span.length; ++step) {
        const auto at = static_cast<std::size_t>((span.first + step) * lanes + span.lane);
        owners[at] = {static_cast<std::int32_t>(span.sequence), step};
        resets[at] = step == 0;
      }
    }
    EXPECT_EQ(axis.resets, resets);
    ASSERT_EQ(axis.owners.size(), owners.size());
    for (std::size_t at = 0; at < owners.size(); ++at) {
      EXPECT_EQ(axis.owners[at].sequence, owners[at].sequence);
      EXPECT_EQ(axis.owners[at].step, owners[at].step);
    }
  }
}

TEST(Thinning, LeavesWindowsAsTheyAreWhereThereIsNone) {
  Window window = window_of_three();
  add_thinned_axes({}, window);
  EXPECT_EQ(window.axes.size(), 1U);
}

TEST(Thinning, SeesSequencesThatWouldShareAStep) {
  Window window = window_of_three();
  window.axes[0].spans[1].first = 6;
  EXPECT_NO_THROW(add_thinned_axes({2, 1}, window));
  EXPECT_THROW(add_thinned_axes({2, 2}, window), std::exception);
}

TEST(Thinning, AsksForNoMemoryInShorterWindows) {
  Window window = window_of_three();
  const Thinning thinning{2, 2};
  reserve_thinned_axes(thinning, times, 3, window);
  const auto* const rows = window.axes[3].owners.data();
  window.axes[0].times = 13;
  add_thinned_axes(thinning, window);
  EXPECT_EQ(window.axes[3].owners.data(), rows);
  EXPECT_EQ(thinned_axes_bytes(thinning, times, 3, lanes),
            (7 + 4) * lanes * (1 + sizeof(Owner)) + 2 * 3 * sizeof(Span));
}

}  // namespace
}  // namespace rondo
