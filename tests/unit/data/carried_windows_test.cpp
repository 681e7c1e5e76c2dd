// Windows of sequences that go on: what stands at each step.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/data/packed_windows.hpp"
#include "sequence_data.hpp"

namespace rondo {
namespace {

using Rows = std::vector<std::int32_t>;

// Sequences whose letters count on over all of them; so do their numbers.
std::unique_ptr<MemorySequences> counting(const Columns& columns, const Rows& lengths) {
  auto sequences = std::make_unique<MemorySequences>(columns);
  std::int32_t next = 0;
  for (const std::int32_t length : lengths) {
    Rows letters;
    std::vector<double> sizes;
    for (std::int32_t step = 0; step < length; ++step, ++next) {
      letters.push_back(next);
      sizes.insert(sizes.end(), {0.5 + next * 0.29, -1});
    }
    sequences->add(length);
    sequences->put(0, letters);
    sequences->put(1, sizes);
    const bool per_step = columns[2].scope == ColumnScope::steps;
    const Rows target = per_step ? letters : Rows{length % 3};
    sequences->put(2, target);
  }
  return sequences;
}

LaneLayout layout_of(std::int64_t first, std::int64_t last, std::int64_t window) {
  LaneLayout layout;
  layout.lanes = 4;
  layout.first_lane = first;
  layout.last_lane = last;
  layout.window = window;
  layout.carried = true;
  return layout;
}

TEST(CarriedWindows, HoldEachStepOnce) {
  const Columns columns = test::made_up_columns();
  const Rows lengths{5, 13, 1, 30, 7, 2, 9, 4, 21, 3};
  const PackedWindows windows(counting(columns, lengths), columns);
  const auto starts = windows.whole()->starts();
  for (const std::int64_t times : {1, 6, 50}) {
    std::vector<int> seen(static_cast<std::size_t>(starts.back()));
    int targets = 0;
    for (const auto& [first, last] : {std::pair{0, 3}, std::pair{3, 4}}) {  // two ranks
      const LaneLayout layout = layout_of(first, last, times);
      EXPECT_LE(windows.longest_window(layout), times);
      const auto reader = windows.reader(layout);
      Window window;
      for (std::int64_t index = 0; index < windows.windows_of(1, layout); ++index) {
        reader->read(index, window);
        EXPECT_EQ(window.epoch, 0);
        const WindowAxis& axis = window.axes[0];
        std::vector<Owner> before(static_cast<std::size_t>(window.lanes));
        std::size_t owned = 0;
        for (const Span& span : axis.spans) {
          const std::int32_t length = lengths[static_cast<std::size_t>(span.sequence)];
          EXPECT_EQ(span.ends, span.step + span.length == length);
          EXPECT_TRUE(span.step == 0 || span.first == 0);
          for (std::int32_t i = 0; i < span.length; ++i, ++owned) {
            const auto at = static_cast<std::size_t>((span.first + i) * window.lanes + span.lane);
            const std::int32_t step = span.step + i;
            const auto row =
                static_cast<std::size_t>(starts[static_cast<std::size_t>(span.sequence)] + step);
            EXPECT_EQ(axis.owners[at].sequence, span.sequence);
            EXPECT_EQ(axis.owners[at].step, step);
            EXPECT_EQ(axis.resets[at], step == 0);
            EXPECT_EQ(axis.tokens[0][at], static_cast<std::int32_t>(row));
            EXPECT_NEAR(axis.reals[0][2 * at], static_cast<double>(row), 1e-4);
            EXPECT_EQ(axis.tokens[1][at], step + 1 == length ? length % 3 : -1);
            targets += axis.tokens[1][at] >= 0 ? 1 : 0;
            ++seen[row];
          }
        }
        std::size_t free = 0;  // what nobody owns is masked
        for (std::size_t at = 0; at < axis.owners.size(); ++at) {
          if (axis.owners[at].sequence >= 0) continue;
          ++free;
          EXPECT_EQ(axis.resets[at], 1);
          EXPECT_EQ(axis.tokens[0][at], 0);
          EXPECT_EQ(axis.tokens[1][at], -1);
        }
        EXPECT_EQ(owned + free, axis.owners.size());
        EXPECT_EQ(axis.owners.size(), static_cast<std::size_t>(axis.times * window.lanes));
      }
    }
    EXPECT_EQ(seen, std::vector<int>(seen.size(), 1)) << times;
    EXPECT_EQ(targets, 10);
  }
}

// Only where that leaves no target without its sequence, in training, and where it is needed.
TEST(CarriedWindows, DivideFewLongSequencesThatHaveTargetsAtEachStep) {
  Columns columns = test::made_up_columns();
  const Rows few{40, 50}, many(80, 5);
  const LaneLayout layout = layout_of(0, 4, 8);
  EXPECT_EQ(PackedWindows(counting(columns, few), columns).shape(layout).laying, Laying::carried);
  columns[2].scope = ColumnScope::steps;
  const PackedWindows windows(counting(columns, few), columns);
  EXPECT_EQ(windows.shape(layout).laying, Laying::divided);
  EXPECT_EQ(windows.windows_of(1, layout), 3);  // 23 steps a lane
  EXPECT_EQ(PackedWindows(counting(columns, many), columns).shape(layout).laying, Laying::carried);
  LaneLayout evaluation = layout;
  evaluation.shuffle = false;
  EXPECT_EQ(windows.shape(evaluation).laying, Laying::carried);
  evaluation.carried = false;
  EXPECT_EQ(windows.shape(evaluation).laying, Laying::packed);
  // Where a lane's share begins, so does a state.
  Window window;
  windows.reader(layout)->read(0, window);
  for (std::size_t lane = 0; lane < 4; ++lane) {
    EXPECT_EQ(window.axes[0].resets[lane], 1);
    EXPECT_EQ(window.axes[0].tokens[1][lane], window.axes[0].tokens[0][lane]);
  }
  EXPECT_GT(window.axes[0].spans[1].step, 0);
}

}  // namespace
}  // namespace rondo
