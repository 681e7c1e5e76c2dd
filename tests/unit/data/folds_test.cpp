// A train split in parts: each sequence is held out once, and is read as in the whole.
#include "rondo/data/folds.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

// Numbers a step, letters of the steps, a class a sequence, which is one of two, and another one
// that is read.
Columns columns_of_words() {
  Columns columns(4);
  columns[0].name = "size";
  columns[0].kind = ColumnKind::real;
  columns[0].width = 2;
  columns[1].name = "letters";
  columns[1].scope = ColumnScope::letters;
  columns[2].name = "kind";
  columns[2].role = ColumnRole::target;
  columns[2].kind = ColumnKind::category;
  columns[2].scope = ColumnScope::sequence;
  columns[3].name = "place";
  columns[3].kind = ColumnKind::category;
  columns[3].scope = ColumnScope::sequence;
  return columns;
}

// Sequence s has 1 + s % 3 steps, step t of it 1 + t letters; all values tell where they stand.
std::unique_ptr<MemorySequences> words(const Columns& columns, int count) {
  auto sequences = std::make_unique<MemorySequences>(columns);
  for (int s = 0; s < count; ++s) {
    const int length = 1 + s % 3;
    sequences->add(length);
    std::vector<double> sizes;
    std::vector<std::int32_t> letters, letters_of_steps;
    for (int t = 0; t < length; ++t) {
      sizes.insert(sizes.end(), {100.0 * s + t, 0.5});
      letters_of_steps.push_back(1 + t);
      for (int l = 0; l <= t; ++l) letters.push_back(100 * s + 10 * t + l);
    }
    sequences->put_letters(letters_of_steps);
    sequences->put(0, sizes);
    sequences->put(1, letters);
    sequences->put(2, std::vector<std::int32_t>{s % 5 == 0 ? 1 : 0});
    sequences->put(3, std::vector<std::int32_t>{s % 3});
  }
  return sequences;
}

std::vector<double> sizes_of(const SequenceSource& sequences, std::int64_t first,
                             std::int64_t count) {
  std::vector<double> values(static_cast<std::size_t>(2 * count));
  sequences.read(0, first, values);
  return values;
}

// The numbers, in the whole, of the sequences of a source.
std::vector<std::int64_t> numbers_of(const SequenceSource& sequences) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < sequences.sequences(); ++i) {
    const double size = sizes_of(sequences, sequences.starts()[static_cast<std::size_t>(i)], 1)[0];
    numbers.push_back(static_cast<std::int64_t>(size) / 100);
  }
  return numbers;
}

TEST(Folds, HoldEachSequenceOutOnceInEqualSharesOfEachClass) {
  const Columns columns = columns_of_words();
  std::multiset<std::int64_t> held;
  for (const char* fold : {"1/4", "2/4", "3/4", "4/4"}) {
    const auto out = fold_of(words(columns, 40), columns, {fold}, true);
    const auto in = fold_of(words(columns, 40), columns, {fold}, false);
    const std::vector<std::int64_t> numbers = numbers_of(*out), others = numbers_of(*in);
    EXPECT_EQ(numbers.size(), 10) << fold;
    EXPECT_EQ(std::ranges::count_if(numbers, [](std::int64_t s) { return s % 5 == 0; }), 2) << fold;
    held.insert(numbers.begin(), numbers.end());
    std::set<std::int64_t> all(numbers.begin(), numbers.end());
    all.insert(others.begin(), others.end());
    EXPECT_EQ(all.size(), 40) << fold;
    EXPECT_TRUE(std::ranges::is_sorted(others)) << fold;
  }
  EXPECT_EQ(held.size(), 40);
  EXPECT_EQ(std::set(held.begin(), held.end()).size(), 40);
}

// Drawn, and not as they come; and a run that a later rondo resumes holds the same ones out.
TEST(Folds, AreTheSameInEveryVersion) {
  const Columns columns = columns_of_words();
  const auto held = [&](const char* fold) {
    return numbers_of(*fold_of(words(columns, 15), columns, {fold}, true));
  };
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(held("1/3"), (Numbers{1, 2, 4, 5, 11}));
  EXPECT_EQ(held("2/3"), (Numbers{0, 3, 12, 13, 14}));
  EXPECT_EQ(held("3/3"), (Numbers{6, 7, 8, 9, 10}));
}

TEST(Folds, AreReadAsTheWholeIsHoweverOneAsks) {
  const Columns columns = columns_of_words();
  const auto whole = words(columns, 20);
  const auto part = fold_of(words(columns, 20), columns, {"2/3"}, false);
  std::vector<double> sizes;
  std::vector<std::int32_t> letters, counts, kinds;
  for (const std::int64_t s : numbers_of(*part)) {
    const int length = 1 + static_cast<int>(s % 3);
    for (int t = 0; t < length; ++t) {
      sizes.insert(sizes.end(), {100.0 * static_cast<double>(s) + t, 0.5});
      counts.push_back(1 + t);
      for (int l = 0; l <= t; ++l) letters.push_back(static_cast<int>(100 * s) + 10 * t + l);
    }
    kinds.push_back(s % 5 == 0 ? 1 : 0);
  }
  const std::int64_t steps = part->starts().back();
  ASSERT_EQ(2 * steps, static_cast<std::int64_t>(sizes.size()));
  for (std::int64_t first = 0; first < steps; ++first) {
    for (std::int64_t count = 1; first + count <= steps; ++count) {
      EXPECT_EQ(sizes_of(*part, first, count),
                std::vector(sizes.begin() + 2 * first, sizes.begin() + 2 * (first + count)));
    }
  }
  std::vector<std::int32_t> read(letters.size());
  ASSERT_EQ(part->second_starts().back(), static_cast<std::int64_t>(letters.size()));
  part->read(1, 0, read);
  EXPECT_EQ(read, letters);
  read.resize(counts.size());
  part->read_letters(0, read);
  EXPECT_EQ(read, counts);
  read.resize(kinds.size());
  part->read(2, 0, read);
  EXPECT_EQ(read, kinds);
  // The part's own count is told: it is not the whole that refuses.
  EXPECT_EQ(sentence_of<RunError>([&] { sizes_of(*part, steps, 1); }),
            fmt::format("rows [{0}, {1}) were asked for, there are {0}", steps, steps + 1));
}

TEST(Folds, AreWrittenAsAPartOfSo) {
  FoldSettings settings;
  const auto keys = fold_settings().keys;
  const auto refused = [&](const std::string& text) {
    return test::error_of([&] { keys[0].parse(settings, text); });
  };
  keys[0].parse(settings, "5/5");
  EXPECT_EQ(keys[0].print(settings), "5/5");
  EXPECT_TRUE(settings.holds_out());
  keys[0].parse(settings, "");
  EXPECT_FALSE(settings.holds_out());
  for (const char* wrong : {"0/5", "6/5", "1/1", "5", "/5", "1/", "1/2/3", "1/5 ", "a"}) {
    EXPECT_EQ(refused(wrong),
              "--fold takes K/N, part K of N that there are, N from 2 to 1000, not \"" +
                  std::string(wrong) + "\"");
  }
  const Columns columns = columns_of_words();
  EXPECT_EQ(test::error_of([&] { fold_of(words(columns, 4), columns, {"1/5"}, true); }),
            "--fold 1/5: the train split has 4 sequences, fewer than parts");
}

}  // namespace
}  // namespace rondo
