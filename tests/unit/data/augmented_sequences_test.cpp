// What training reads of numbers that are altered: the same however it is asked for and whatever
// lies beside it, others in each epoch; and what each setting does.
#include "rondo/data/augmented_sequences.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "augmented_numbers.hpp"

namespace rondo::test {
namespace {

// Sequence 2 of `lengths`, in many epochs.
template <class Check>
void for_each_epoch(const AugmentationSettings& settings, const Check& check) {
  const Columns columns = columns_of_numbers();
  const AugmentedSequences augmented(sequences(columns, lengths), columns, settings, seed);
  const Numbers stored = as_stored(augmented, 10, 40);
  for (std::int64_t epoch = 0; epoch < 200; ++epoch) {
    check(stored, in_training(augmented, 0, 10, 40, epoch), columns[0]);
  }
}

TEST(AugmentedSequences, AreTheSameHoweverTheyAreCutAndWhateverIsBesideThem) {
  const Columns columns = columns_of_numbers();
  const AugmentedSequences augmented(sequences(columns, lengths), columns, everything(), seed);
  const AugmentedSequences others(sequences(columns, {9, 1, 40, 300}), columns, everything(), seed);
  const std::int64_t steps = augmented.starts().back();
  const Numbers whole = in_training(augmented, 0, 0, steps, 4);
  EXPECT_EQ(in_training(others, 0, 0, 50, 4), Numbers(whole.begin(), whole.begin() + 50 * wide));
  for (std::int64_t first = 0; first < steps; ++first) {
    for (std::int64_t count = 1; first + count <= steps; ++count) {
      const auto begin = whole.begin() + first * wide;
      ASSERT_EQ(in_training(augmented, 0, first, count, 4), Numbers(begin, begin + count * wide))
          << first << " " << count;
    }
  }
}

TEST(AugmentedSequences, AreOthersInEachEpochAndOfEachSeedAndSequence) {
  const Columns columns = columns_of_numbers();
  const std::vector<int> equal{40, 40};
  const auto kinds = [&] {
    std::vector<AugmentationSettings> all(5);
    all[0].mask_steps = all[1].mask_features = all[2].shift_features = 3;
    all[3].noise = 1;
    all[4].stretch = 0.3;
    return all;
  }();
  for (const AugmentationSettings& settings : kinds) {
    SCOPED_TRACE(&settings - kinds.data());
    const AugmentedSequences one(sequences(columns, equal), columns, settings, seed);
    const AugmentedSequences two(sequences(columns, equal), columns, settings, seed + 1);
    int epochs = 0, seeds = 0, sequences_differ = 0;
    for (std::int64_t epoch = 0; epoch < 50; ++epoch) {
      const Numbers now = in_training(one, 0, 0, 40, epoch);
      Numbers other = in_training(one, 0, 40, 40, epoch);
      for (double& value : other) value -= value >= 900 ? 1000 : 0;  // what is masked has none
      epochs += now != in_training(one, 0, 0, 40, epoch + 1);
      seeds += now != in_training(two, 0, 0, 40, epoch);
      sequences_differ += now != other;
    }
    EXPECT_GT(epochs, 30);
    EXPECT_GT(seeds, 30);
    EXPECT_GT(sequences_differ, 30);
  }
}

TEST(AugmentedSequences, AreReadAsTheyAreWhereNothingIsTrainedOrAltered) {
  const Columns columns = columns_of_numbers();
  const AugmentedSequences augmented(sequences(columns, lengths), columns, everything(), seed);
  const AugmentedSequences idle(sequences(columns, lengths), columns, {}, seed);
  const std::int64_t steps = augmented.starts().back();
  Numbers expected(static_cast<std::size_t>(steps) * wide);
  sequences(columns, lengths)->read(0, 0, expected);
  EXPECT_EQ(as_stored(augmented, 0, steps), expected);
  EXPECT_EQ(in_training(idle, 0, 0, steps, 1), expected);
  EXPECT_EQ(in_training(augmented, 1, 0, 5, 1, 1), (Numbers{0, 1, 2, 3, 4}));
}

// Steps of the mean: at most two stretches of at most 5 steps; all others as they are.
TEST(AugmentedSequences, MaskStretchesOfTime) {
  AugmentationSettings settings;
  settings.mask_steps = 5;
  int longest = 0;
  for_each_epoch(settings, [&](const Numbers& stored, const Numbers& read, const Column& column) {
    int masked = 0, stretches = 0;
    bool was_masked = false;
    for (int t = 0; t < 40; ++t) {
      const Numbers row(read.begin() + t * wide, read.begin() + (t + 1) * wide);
      const bool is_masked = row == column.mean;
      EXPECT_TRUE(is_masked || std::equal(row.begin(), row.end(), stored.begin() + t * wide));
      masked += is_masked;
      stretches += is_masked && !was_masked;
      was_masked = is_masked;
    }
    EXPECT_LE(masked, 10);
    EXPECT_LE(stretches, 2);
    longest = std::max(longest, masked);
  });
  EXPECT_GE(longest, 8);
}

TEST(AugmentedSequences, MaskNeighbouringNumbersOfAllSteps) {
  AugmentationSettings settings;
  settings.mask_features = 2;
  std::vector<int> times(wide);
  for_each_epoch(settings, [&](const Numbers& stored, const Numbers& read, const Column& column) {
    int masked = 0;
    for (std::size_t i = 0; i < wide; ++i) {
      const bool is_masked = read[i] == column.mean[i];
      masked += is_masked;
      times[i] += is_masked;
      for (std::size_t t = 0; t < 40; ++t) {
        EXPECT_EQ(read[t * wide + i], is_masked ? column.mean[i] : stored[t * wide + i]);
      }
    }
    EXPECT_LE(masked, 4);
  });
  for (const int of_one : times) EXPECT_GT(of_one, 20);
}

TEST(AugmentedSequences, ShiftAllStepsAlikeAndGoOnWithTheEdge) {
  AugmentationSettings settings;
  settings.shift_features = 2;
  std::map<int, int> seen;
  for_each_epoch(settings, [&](const Numbers& stored, const Numbers& read, const Column&) {
    int places = -3;
    for (int s = -2; s <= 2 && places == -3; ++s) {
      bool fits = true;
      for (int at = 0; at < 40 * wide; ++at) {
        const int from = at - at % wide + std::clamp(at % wide - s, 0, wide - 1);
        fits &= read[static_cast<std::size_t>(at)] == stored[static_cast<std::size_t>(from)];
      }
      if (fits) places = s;
    }
    ++seen[places];
  });
  EXPECT_EQ(seen.size(), 5U);
  for (int s = -2; s <= 2; ++s) EXPECT_GT(seen[s], 20) << s;
}

TEST(AugmentedSequences, AddNormalNoiseInDeviations) {
  AugmentationSettings settings;
  settings.noise = 0.5;
  double sum = 0, squares = 0, count = 0;
  for_each_epoch(settings, [&](const Numbers& stored, const Numbers& read, const Column& column) {
    for (std::size_t at = 0; at < read.size(); ++at) {
      const double noise = (read[at] - stored[at]) / column.deviation[at % wide];
      sum += noise;
      squares += noise * noise;
      ++count;
    }
  });
  EXPECT_NEAR(sum / count, 0, 0.01);
  EXPECT_NEAR(std::sqrt(squares / count), 0.5, 0.01);
}

// On a straight line the slope tells the factor.
TEST(AugmentedSequences, StretchTimeAboutTheMiddle) {
  AugmentationSettings settings;
  settings.stretch = 0.5;
  double least = 9, most = 0;
  for_each_epoch(settings, [&](const Numbers& stored, const Numbers& read, const Column&) {
    const double pace = (read[20 * wide] - read[19 * wide]) / 7, middle = 2000 + 7 * 19.5;
    least = std::min(least, pace);
    most = std::max(most, pace);
    for (int t = 0; t < 40; ++t) {
      for (int i = 0; i < wide; ++i) {
        const double straight = middle + 7 * pace * (t - 19.5);
        const double expected = std::clamp(straight, stored[0], stored[39 * wide]) + i / 8.0;
        EXPECT_NEAR(read[static_cast<std::size_t>(t * wide + i)], expected, 1e-6);
      }
    }
  });
  EXPECT_GE(least, 1 / 1.5 - 1e-9);
  EXPECT_LE(most, 1.5 + 1e-9);
  EXPECT_LT(least, 0.7);
  EXPECT_GT(most, 1.45);
}

}  // namespace
}  // namespace rondo::test
