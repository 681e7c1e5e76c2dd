// Where altered numbers are read: below stacked steps, and in the windows of training alone; and
// what is refused.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "augmented_numbers.hpp"
#include "input_error.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/stacked_sequences.hpp"

namespace rondo::test {
namespace {

TEST(AugmentedWindows, AreOfStepsStackedAfterwards) {
  const Columns columns = columns_of_numbers();
  const AugmentedSequences augmented(sequences(columns, lengths), columns, everything(), seed);
  const StackedSequences stacked(std::make_unique<AugmentedSequences>(sequences(columns, lengths),
                                                                      columns, everything(), seed),
                                 columns, 2);
  Numbers expected = in_training(augmented, 0, 10, 40, 6);
  EXPECT_EQ(in_training(stacked, 0, stacked.starts()[2], 20, 6, 2 * wide), expected);
}

// Windows of training are of their epoch, those of evaluation of what is stored.
TEST(AugmentedWindows, AreThoseOfTrainingAlone) {
  const Columns columns = columns_of_numbers();
  const PackedWindows windows(std::make_unique<AugmentedSequences>(sequences(columns, lengths),
                                                                   columns, everything(), seed),
                              columns);
  const AugmentedSequences augmented(sequences(columns, lengths), columns, everything(), seed);
  Standardizer standardizer(columns[0]);
  for (const bool is_training : {true, false}) {
    LaneLayout layout;
    layout.lanes = layout.last_lane = 2;
    layout.window = 20;
    layout.seed = 5;
    layout.shuffle = is_training;
    const auto reader = windows.reader(layout);
    Window window;
    for (std::int64_t index = 0; index < windows.windows_of(3, layout); ++index) {
      reader->read(index, window);
      for (const Span& span : window.axes[0].spans) {
        const std::int64_t first =
            augmented.starts()[static_cast<std::size_t>(span.sequence)] + span.step;
        const Numbers stored = is_training
                                   ? in_training(augmented, 0, first, span.length, window.epoch)
                                   : as_stored(augmented, first, span.length);
        for (std::int32_t step = 0; step < span.length; ++step) {
          std::vector<float> expected(wide);
          standardizer.apply(std::span(stored).subspan(static_cast<std::size_t>(step) * wide, wide),
                             expected.data());
          const auto at = window.axes[0].reals[0].begin() +
                          ((span.first + step) * window.lanes + span.lane) * wide;
          ASSERT_EQ(std::vector<float>(at, at + wide), expected);
        }
      }
    }
  }
}

TEST(AugmentedWindows, RefuseWhatHasNothingToAlter) {
  const auto refusal = [](const AugmentationSettings& settings, const Columns& columns) {
    return error_of([&] { check_augmentation(settings, columns); });
  };
  AugmentationSettings masks, stretch, shift;
  masks.mask_steps = 3;
  stretch.stretch = 0.1;
  shift.shift_features = 1;
  Columns columns = columns_of_numbers();
  for (const AugmentationSettings& settings : {masks, stretch, shift}) {
    EXPECT_NO_THROW(check_augmentation(settings, columns));
  }
  columns[0].scope = ColumnScope::sequence;
  EXPECT_EQ(
      refusal(masks, columns),
      "--mask-steps is of numbers at each step, and the data set has no such source: leave it "
      "out");
  columns = columns_of_numbers();
  columns[0].width = 1;
  EXPECT_EQ(refusal(shift, columns),
            "--shift-features is of several numbers a step, and the data set has sources of one: "
            "leave it out");
  columns = columns_of_numbers();
  columns[1].role = ColumnRole::target;
  columns[1].scope = ColumnScope::steps;
  EXPECT_NO_THROW(check_augmentation(masks, columns));
  EXPECT_EQ(refusal(stretch, columns),
            "--stretch moves numbers to other steps, and 'size' stays at its own: leave it out");
}

}  // namespace
}  // namespace rondo::test
