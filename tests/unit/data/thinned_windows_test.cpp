// Windows whose time is thinned by the network: where sequences begin, and what such windows have.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "augmented_numbers.hpp"
#include "rondo/core/thinning.hpp"
#include "rondo/data/packed_windows.hpp"

namespace rondo::test {
namespace {

LaneLayout layout_of(const Thinning& thinning) {
  LaneLayout layout;
  layout.lanes = layout.last_lane = 3;
  layout.window = 41;
  layout.seed = 5;
  layout.thinning = thinning;
  return layout;
}

TEST(ThinnedWindows, HaveSequencesThatBeginAtMultiplesOfAllThatIsOneStep) {
  const Columns columns = columns_of_numbers();
  const std::vector<int> many{9, 1, 40, 2, 23, 5, 7, 11, 3, 6, 13, 1};
  const PackedWindows windows(sequences(columns, many), columns);
  const Thinning thinning{2, 2};
  const LaneLayout layout = layout_of(thinning);
  const auto reader = windows.reader(layout);
  Window window;
  const std::uint8_t* resets = nullptr;
  for (std::int64_t index = 0; index < windows.windows_of(3, layout); ++index) {
    reader->read(index, window);
    EXPECT_EQ(window.axes[0].times, 44);
    ASSERT_EQ(window.axes.size(), 4U);
    for (const Span& span : window.axes[0].spans) EXPECT_EQ(span.first % 4, 0);
    EXPECT_EQ(window.axes[3].times, 11);
    EXPECT_EQ(window.axes[3].spans.size(), window.axes[0].spans.size());
    std::set<std::pair<int, int>> covered;  // by one sequence each
    for (const Span& span : window.axes[3].spans) {
      EXPECT_EQ(span.length, thinning.left_of(many[static_cast<std::size_t>(span.sequence)]));
      for (int t = span.first; t <= span.last(); ++t) {
        EXPECT_TRUE(covered.emplace(span.lane, t).second);
      }
    }
    // The same memory, window after window.
    if (resets == nullptr) resets = window.axes[3].resets.data();
    EXPECT_EQ(window.axes[3].resets.data(), resets);
  }
}

TEST(ThinnedWindows, AreCountedByWhatTheyTake) {
  const Columns columns = columns_of_numbers();
  const PackedWindows windows(sequences(columns, lengths), columns);
  const std::uint64_t plain = windows.bytes(layout_of({}));
  EXPECT_GT(windows.bytes(layout_of({2, 1})), plain);
  EXPECT_GT(windows.bytes(layout_of({2, 2})), windows.bytes(layout_of({2, 1})));
}

}  // namespace
}  // namespace rondo::test
