// Steps put side by side: what a network reads of them, however it asks, and what lacks at the end.
#include "rondo/data/stacked_sequences.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"

namespace rondo {
namespace {

Columns columns_of_numbers() {
  Columns columns(2);
  columns[0].name = "mel";
  columns[0].kind = ColumnKind::real;
  columns[0].width = 2;
  columns[0].mean = {10, 20};
  columns[0].deviation = {2, 4};
  columns[1].name = "size";
  columns[1].role = ColumnRole::constant;
  columns[1].kind = ColumnKind::real;
  columns[1].scope = ColumnScope::sequence;
  columns[1].mean = {0};
  columns[1].deviation = {1};
  return columns;
}

// Of 5, 1 and 4 frames; number i of frame f of sequence s is 100 s + 10 f + i.
std::unique_ptr<MemorySequences> frames(const Columns& columns) {
  auto sequences = std::make_unique<MemorySequences>(columns);
  int sequence = 0;
  for (const int length : {5, 1, 4}) {
    sequences->add(length);
    std::vector<double> numbers;
    for (int frame = 0; frame < length; ++frame) {
      for (int i = 0; i < 2; ++i) numbers.push_back(100 * sequence + 10 * frame + i);
    }
    sequences->put(0, numbers);
    sequences->put(1, std::vector<double>{static_cast<double>(sequence)});
    ++sequence;
  }
  return sequences;
}

TEST(StackedSequences, HaveFramesSideBySideAndTheMeanWhereNoneIsLeft) {
  const Columns columns = columns_of_numbers();
  const StackedSequences stacked(frames(columns), columns, 2);
  EXPECT_EQ(std::vector(stacked.lengths().begin(), stacked.lengths().end()),
            (std::vector<std::int32_t>{3, 1, 2}));
  EXPECT_EQ(std::vector(stacked.starts().begin(), stacked.starts().end()),
            (std::vector<std::int64_t>{0, 3, 4, 6}));
  const std::vector<double> expected = {0,   1,   10, 11, 20,  21,  30,  31,  40,  41,  10,  20,
                                        100, 101, 10, 20, 200, 201, 210, 211, 220, 221, 230, 231};
  for (std::size_t first = 0; first < 6; ++first) {
    for (std::size_t count = 1; first + count <= 6; ++count) {
      std::vector<double> values(count * 4);
      stacked.read(0, static_cast<std::int64_t>(first), values);
      const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(first * 4);
      EXPECT_EQ(values, std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count * 4)));
    }
  }
  std::vector<double> sizes(3);
  stacked.read(1, 0, sizes);
  EXPECT_EQ(sizes, (std::vector<double>{0, 1, 2}));
  std::vector<double> more(8);
  EXPECT_THROW(stacked.read(0, 5, more), std::exception);
}

TEST(StackedSequences, AreStandardisedFrameByFrame) {
  const Columns stored = columns_of_numbers(), columns = stacked_columns(stored, 2);
  EXPECT_EQ(columns[0].width, 4);
  EXPECT_EQ(columns[0].mean, (std::vector<double>{10, 20, 10, 20}));
  EXPECT_EQ(columns[0].deviation, (std::vector<double>{2, 4, 2, 4}));
  EXPECT_EQ(columns[1].width, 1);
  const StackedSequences stacked(frames(stored), stored, 2);
  std::vector<double> last(4);
  stacked.read(0, 2, last);
  float numbers[4];
  Standardizer(columns[0]).apply(last, numbers);
  EXPECT_EQ(numbers[0], 15);
  EXPECT_EQ(numbers[2], 0);  // a partial frame
  EXPECT_EQ(numbers[3], 0);
  EXPECT_FALSE(std::signbit(numbers[2]));
}

TEST(StackedSequences, RefuseSymbolsOfSteps) {
  Columns columns = columns_of_numbers();
  columns[0] = {};
  columns[0].name = "letters";
  columns[0].vocabulary =
      std::make_shared<SymbolVocabulary>(ColumnKind::character, std::vector<std::string>{"a", "b"});
  EXPECT_EQ(stacked_columns(columns, 1).size(), 2U);
  EXPECT_EQ(test::error_of([&] { stacked_columns(columns, 3); }),
            "--stack-frames 3 puts the numbers of several steps side by side, and 'letters' has a "
            "symbol at each step: leave it out");
}

}  // namespace
}  // namespace rondo
