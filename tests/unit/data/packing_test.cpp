#include "rondo/data/packing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "packing_reference.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

using Lengths = std::vector<std::int32_t>;

std::vector<PackedWindow> windows_of(const Lengths& lengths, const PackingShape& shape,
                                     std::int64_t epochs) {
  PackingPlan plan(lengths, shape);
  std::vector<PackedWindow> windows;
  for (PackedWindow window; plan.next(window), window.epoch < epochs;) windows.push_back(window);
  return windows;
}

// Mostly short, some long, a few far longer than a window.
Lengths mixed_lengths(std::size_t sequences, std::uint64_t seed, std::uint64_t longest = 90) {
  const RandomStream random(seed, Purpose::test);
  Lengths lengths;
  for (std::uint64_t i = 0; i < sequences; ++i) {
    const std::uint64_t bound = random.below(8, 2 * i) == 0 ? longest : 12;
    lengths.push_back(1 + static_cast<std::int32_t>(random.below(bound, 2 * i + 1)));
  }
  return lengths;
}

// Of each sequence: on a second axis where a step has 1 to 7 steps, seldom 40.
Lengths letters_of(const Lengths& lengths, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test, 2);
  std::uint64_t drawn = 0;
  Lengths letters;
  for (const std::int32_t length : lengths) {
    letters.push_back(0);
    for (std::int32_t step = 0; step < length; ++step) {
      const std::uint64_t letter = random.below(50, drawn++);
      letters.back() += letter == 0 ? 40 : 1 + static_cast<std::int32_t>(letter % 7);
    }
  }
  return letters;
}

void expect_the_rule(const Lengths& lengths, const PackingShape& shape) {
  const PackingReference reference(lengths, shape);
  std::vector<PackedWindow> expected;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    const auto windows = reference.epoch(epoch, static_cast<std::int64_t>(expected.size()));
    expected.insert(expected.end(), windows.begin(), windows.end());
  }
  ASSERT_EQ(windows_of(lengths, shape, 2), expected) << shape.seed;
}

TEST(Packing, IsTheRuleWordByWord) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RandomStream random(seed, Purpose::test, 1);
    const auto draw = [&random](std::uint64_t bound, std::uint64_t i) {
      return 1 + static_cast<std::int64_t>(random.below(bound, i));
    };
    const Lengths lengths = mixed_lengths(static_cast<std::size_t>(draw(120, 0)), seed,
                                          static_cast<std::uint64_t>(draw(100, 1)));
    const PackingShape shape{.lanes = draw(6, 2),
                             .window = draw(40, 3),
                             .alignment = draw(2, 4) == 1 ? 1 : draw(8, 5),
                             .seed = seed,
                             .shuffle = draw(4, 6) > 1};
    expect_the_rule(lengths, shape);
    // The same sequences, and letters of their steps.
    const Lengths letters = letters_of(lengths, seed);
    PackingShape both = shape;
    both.second = letters;
    expect_the_rule(lengths, both);
  }
}

// Sequences lie end to end there, in the same lanes and order.
void expect_second_axis(const PackedWindow& window, const PackingShape& shape,
                        std::int32_t longest) {
  ASSERT_LE(window.second_times, longest);
  std::int32_t lane = -1, end = 0;
  for (const PlacedSequence& placed : window.placed) {
    if (placed.lane != lane) end = 0;
    lane = placed.lane;
    ASSERT_EQ(placed.second_first, end);
    ASSERT_EQ(placed.second_length,
              shape.second.empty() ? 0 : shape.second[static_cast<std::size_t>(placed.sequence)]);
    end += placed.second_length;
    ASSERT_LE(end, window.second_times);
  }
}

// Each window as the header says, each sequence once an epoch.
void expect_sound(const Lengths& lengths, const PackingShape& shape, std::int64_t epochs) {
  PackingPlan plan(lengths, shape);
  const std::int64_t windows = plan.windows_of(epochs);
  PackedWindow window;
  window.placed.reserve(static_cast<std::size_t>(plan.most_sequences()));
  const PlacedSequence* const memory = window.placed.data();
  std::vector<std::int64_t> seen(lengths.size());
  for (std::int64_t index = 0, epoch = 0; index < windows; ++index) {
    plan.next(window);
    ASSERT_EQ(window.index, index);
    ASSERT_EQ(window.placed.data(), memory);  // never allocated again
    if (window.epoch != epoch) {              // the epoch before is complete
      ASSERT_EQ(window.epoch, ++epoch);
      ASSERT_EQ(std::count(seen.begin(), seen.end(), epoch),
                static_cast<std::int64_t>(seen.size()));
    }
    ASSERT_GE(window.times, shape.window);
    ASSERT_LE(window.times, plan.longest_window());
    ASSERT_EQ(window.times % shape.alignment, 0);
    ASSERT_FALSE(window.placed.empty());
    ASSERT_LE(static_cast<std::int64_t>(window.placed.size()), plan.most_sequences());
    std::int32_t lane = 0, end = 0;
    for (const PlacedSequence& placed : window.placed) {
      const auto sequence = static_cast<std::size_t>(placed.sequence);
      ASSERT_EQ(placed.length, lengths.at(sequence));
      ASSERT_EQ(seen[sequence]++, epoch);
      if (placed.lane != lane) {
        ASSERT_GT(placed.lane, lane);
        lane = placed.lane;
        end = 0;
      }
      ASSERT_EQ(placed.first % shape.alignment, 0);
      ASSERT_GE(placed.first, end);
      end = placed.first + placed.length;
      ASSERT_LE(end, window.times);
    }
    ASSERT_LT(lane, shape.lanes);
    expect_second_axis(window, shape, plan.longest_second_window());
  }
  ASSERT_EQ(std::count(seen.begin(), seen.end(), epochs), static_cast<std::int64_t>(seen.size()));
  plan.next(window);
  ASSERT_EQ(window.epoch, epochs);
}

TEST(Packing, PlacesEverySequenceOnceAnEpoch) {
  const Lengths lengths = mixed_lengths(20'000, 1, 700);  // more than one bucket of the order
  const Lengths letters = letters_of(lengths, 1);
  for (const std::int64_t alignment : {1, 4}) {
    for (const bool shuffle : {true, false}) {
      PackingShape shape{8, 40, alignment, 3, shuffle};
      expect_sound(lengths, shape, 3);
      shape.second = letters;
      expect_sound(lengths, shape, 3);
    }
  }
  expect_sound({5}, {4, 3, 1, 1, true}, 4);
  expect_sound({1, 1, 1}, {1, 1, 1, 1, true}, 4);
}

// Golden: part of numerics version 1.
TEST(Packing, IsAFunctionOfLengthsSeedAndEpoch) {
  const Lengths lengths{3, 9, 4, 1, 5, 2, 6};
  const auto windows = windows_of(lengths, {2, 8, 1, 1, true}, 2);
  ASSERT_EQ(windows.size(), 6U);
  std::vector<std::vector<std::int64_t>> sequences;
  for (const PackedWindow& window : windows) {
    sequences.emplace_back();
    for (const PlacedSequence& placed : window.placed) sequences.back().push_back(placed.sequence);
  }
  EXPECT_EQ(sequences, (std::vector<std::vector<std::int64_t>>{
                           {0, 4, 6, 5}, {3, 2}, {1}, {6, 5, 4, 3}, {2, 0}, {1}}));
  EXPECT_EQ(windows[0].placed[2], (PlacedSequence{6, 1, 0, 6}));
  EXPECT_EQ(windows[5].times, 9);
}

TEST(Packing, UnshuffledEpochsAreTheSame) {
  const Lengths lengths = mixed_lengths(300, 4);
  const PackingShape shape{4, 24, 1, 1, false};
  auto windows = windows_of(lengths, shape, 2);
  ASSERT_EQ(windows.size() % 2, 0U);
  const std::size_t half = windows.size() / 2;
  std::int64_t oldest = 0;
  for (std::size_t i = 0; i < half; ++i) {
    EXPECT_EQ(windows[i].placed, windows[i + half].placed);
    EXPECT_GE(windows[i].placed[0].sequence, oldest);
    oldest = windows[i].placed[0].sequence;
  }
  EXPECT_EQ(PackingPlan(lengths, shape).windows_of(2), static_cast<std::int64_t>(2 * half));
  EXPECT_EQ(PackingPlan(lengths, shape).windows_of(1'000'000'000),
            static_cast<std::int64_t>(half) * 1'000'000'000);
  PackingPlan far(lengths, shape);
  far.seek(static_cast<std::int64_t>(half) * 1'000'000'000 + 3);
  PackedWindow window;
  far.next(window);
  EXPECT_EQ(window.epoch, 1'000'000'000);
  EXPECT_EQ(window.placed, windows[3].placed);
}

TEST(Packing, SeekIsReplay) {
  const Lengths lengths = mixed_lengths(500, 2);
  for (const bool shuffle : {true, false}) {
    const PackingShape shape{3, 20, 1, 9, shuffle};
    const auto windows = windows_of(lengths, shape, 4);
    PackingPlan jumping(lengths, shape);
    PackedWindow window;
    const std::size_t last = windows.size() - 1;
    for (const std::size_t index :
         {last, last, last / 2, last / 2 + 1, std::size_t{0}, last - 1, std::size_t{1}, last / 3}) {
      jumping.seek(static_cast<std::int64_t>(index));
      jumping.next(window);
      EXPECT_EQ(window, windows[index]);
    }
    for (std::size_t index = 0; index <= last; ++index) {  // the first and last of epochs too
      PackingPlan plan(lengths, shape);
      plan.seek(static_cast<std::int64_t>(index));
      plan.next(window);
      ASSERT_EQ(window, windows[index]);
    }
  }
}

TEST(Packing, CountingKeepsThePlace) {
  const Lengths lengths = mixed_lengths(500, 2);
  const PackingShape shape{3, 20, 1, 9, true};
  const auto windows = windows_of(lengths, shape, 3);
  std::map<std::int64_t, std::int64_t> counts;
  for (const PackedWindow& window : windows) counts[window.epoch + 1] = window.index + 1;
  PackingPlan plan(lengths, shape);
  PackedWindow window;
  for (const PackedWindow& expected : windows) {
    const std::int64_t epochs = 3 - expected.index % 4;
    EXPECT_EQ(plan.windows_of(epochs), counts[epochs]);
    plan.next(window);
    ASSERT_EQ(window, expected);
  }
}

TEST(Packing, OneLongSequenceMakesItsOwnWindowLonger) {
  Lengths lengths(200, 5);
  lengths[70] = 93;
  const PackingShape shape{4, 20, 1, 1, true};
  std::int64_t longer = 0;
  for (const PackedWindow& window : windows_of(lengths, shape, 1)) {
    const bool has_it = std::any_of(window.placed.begin(), window.placed.end(),
                                    [](const auto& placed) { return placed.sequence == 70; });
    EXPECT_EQ(window.times, has_it ? 93 : 20);
    longer += has_it ? 1 : 0;
  }
  EXPECT_EQ(longer, 1);
  EXPECT_EQ(PackingPlan(lengths, shape).longest_window(), 93);
  EXPECT_EQ(PackingPlan(lengths, {4, 20, 8, 1, true}).longest_window(), 96);
}

TEST(Packing, EqualLengthsLeaveNothingEmpty) {
  const Lengths lengths(4 * 5 * 30, 8);
  const auto windows = windows_of(lengths, {4, 40, 1, 1, true}, 1);
  ASSERT_EQ(windows.size(), 30U);
  for (const PackedWindow& window : windows) EXPECT_EQ(window.placed.size(), 20U);
}

// Many short ones wait behind long ones: without the limit a window would hold up to 320.
TEST(Packing, KeepsTheLimit) {
  Lengths lengths(3000, 1);
  for (std::size_t i = 0; i < lengths.size(); i += 4) lengths[i] = 37;  // mean 10
  const PackingShape shape{8, 40, 1, 1, true};
  PackingPlan plan(lengths, shape);
  EXPECT_EQ(plan.most_sequences(), 40);
  std::size_t most = 0;
  for (const PackedWindow& window : windows_of(lengths, shape, 2)) {
    most = std::max(most, window.placed.size());
  }
  EXPECT_EQ(most, 40U);
}

TEST(Packing, RefusesWhatNoWindowHolds) {
  const Lengths lengths{1, 2'000'000'000};
  EXPECT_NO_THROW(PackingPlan::bytes(lengths, {1, 10, 1, 1, true}));
  EXPECT_THROW(PackingPlan::bytes(lengths, {2, 10, 1, 1, true}), InputError);
  EXPECT_THROW(PackingPlan(Lengths{1}, {1, 3'000'000'000, 1, 1, true}), InputError);
}

}  // namespace
}  // namespace rondo
