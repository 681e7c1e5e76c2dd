// Words and their letters: from a table to the second axis of a window.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/packed_windows.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class PrepareLetters : public test::PrepareTable {
 protected:
  TableOptions spelt(std::string_view table, const std::string& group = "id") {
    TableOptions made = options(table);
    made.task = "label";
    made.says = TableTargets::step_classes;
    made.group = group;
    made.sources = {"word:word"};
    made.letters = "word";
    return made;
  }
  static std::vector<std::int32_t> letters_of(const SequenceSource& source, std::int64_t first,
                                              std::size_t steps) {
    std::vector<std::int32_t> counts(steps);
    source.read_letters(first, counts);
    return counts;
  }
};

TEST_F(PrepareLetters, are_those_of_words_as_they_are_written) {
  TableOptions table = spelt("id,word,kind\na,Ox,B\na,é,O\na,Ox,B\nb,xO,O\n");
  table.min_count = 2;
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(symbols(*train, 0, 4), "Ox <unk> Ox <unk>");
  EXPECT_EQ(columns_[1].scope, ColumnScope::letters);
  EXPECT_EQ(columns_[1].kind, ColumnKind::character);
  EXPECT_EQ(symbols(*train, 1, 7), "OxéOxxO");
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{0, 3, 3, 1}));
  EXPECT_TRUE(std::ranges::equal(train->second_lengths(), std::array{5, 2}));
  EXPECT_TRUE(std::ranges::equal(train->second_starts(), std::array{0, 5, 7}));
  EXPECT_EQ(letters_of(*train, 1, 3), (std::vector<std::int32_t>{1, 2, 2}));
  EXPECT_EQ(columns_[2].role, ColumnRole::target);
}

TEST_F(PrepareLetters, of_words_between_blanks_too) {
  TableOptions table = spelt("word,kind\nthe  cat,D N\nrun,V\n", "");
  table.targets = {"kind:word"};
  prepare_table(table);
  EXPECT_EQ(letters_of(*open("train"), 0, 3), (std::vector<std::int32_t>{3, 3, 3}));
  table = spelt("word,kind\nab,x\nc,y\n", "");
  table.sources = {"word:char"};
  std::filesystem::remove(folder_ / "t.rondo");
  EXPECT_EQ(refusal(table), "--letters word: a source is read character by character already");
  table.letters = "wort";
  EXPECT_EQ(refusal(table), "--letters: there is no column \"wort\"; did you mean word?");
}

TEST_F(PrepareLetters, of_a_missing_word_are_one_symbol) {
  TableOptions table = spelt("id,word,kind\na,x,B\na,,O\nb,y,O\n");
  EXPECT_EQ(refusal(table).substr(0, 41), "t.csv, line 3, column 'word': the value i");
  table.mask_missing = true;
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(symbols(*train, 1, 3), "x<missing>y");
  EXPECT_EQ(letters_of(*train, 0, 3), (std::vector<std::int32_t>{1, 1, 1}));
}

Columns word_columns() {
  Columns columns(2);
  columns[0].name = columns[1].name = "word";
  columns[0].kind = ColumnKind::word;
  columns[1].scope = ColumnScope::letters;
  std::vector<std::string> names;
  for (int i = 0; i < 120; ++i) names.push_back("s" + std::to_string(i));
  for (Column& column : columns) {
    column.vocabulary = std::make_shared<SymbolVocabulary>(column.kind, names);
  }
  return columns;
}

// Word `step` of a sentence has 1 to 6 letters, which tell the sentence, the word and their place.
int letters_in(std::int64_t sentence, int step) {
  return 1 + static_cast<int>((sentence + 3 * step) % 6);
}
std::int32_t letter(std::int64_t sentence, int step, int place) {
  return static_cast<std::int32_t>((sentence * 11 + step * 7 + place) % 120);
}

std::unique_ptr<MemorySequences> sentences(const Columns& columns, int count) {
  auto made = std::make_unique<MemorySequences>(columns);
  const RandomStream random(3, Purpose::test);
  for (int sentence = 0; sentence < count; ++sentence) {
    const auto length = 1 + static_cast<int>(random.below(sentence % 20 == 0 ? 40 : 9,
                                                          static_cast<std::uint64_t>(sentence)));
    std::vector<std::int32_t> words, letters, counts;
    for (int step = 0; step < length; ++step) {
      words.push_back((sentence + step) % 120);
      counts.push_back(letters_in(sentence, step));
      for (int place = 0; place < counts.back(); ++place) {
        letters.push_back(letter(sentence, step, place));
      }
    }
    made->add(length);
    made->put(0, words);
    made->put(1, letters);
    made->put_letters(counts);
  }
  return made;
}

TEST(LetterWindows, HaveASpanOfLettersForEachWord) {
  const Columns columns = word_columns();
  EXPECT_EQ(token_column(columns, 0), 0);
  EXPECT_EQ(token_column(columns, 1), 0);  // on its own axis
  const PackedWindows source(sentences(columns, 300), columns);
  std::map<std::pair<std::int64_t, std::int32_t>, int> seen;               // words of an epoch
  for (const auto& [first_lane, last_lane] : {std::pair{0, 2}, {2, 6}}) {  // two ranks
    LaneLayout layout;
    layout.lanes = 6;
    layout.first_lane = first_lane;
    layout.last_lane = last_lane;
    layout.window = 16;
    const LongestWindow longest = source.longest_windows(layout);
    const auto reader = source.reader(layout);
    Window window;
    for (std::int64_t index = 0; index < source.windows_of(1, layout); ++index) {
      reader->read(index, window);
      ASSERT_EQ(window.axes.size(), 2U);
      const WindowAxis& words = window.axes[0];
      const WindowAxis& letters = window.axes[1];
      ASSERT_EQ(words.tokens.size(), 1U);
      ASSERT_LE(letters.times, longest.second);
      std::size_t owned = 0;
      for (std::int32_t lane = 0; lane < window.lanes; ++lane) {
        std::int32_t end = 0;  // of the span before
        const auto at = static_cast<std::size_t>(lane);
        for (auto i = letters.begins[at]; i < letters.begins[at + 1]; ++i) {
          const Span& span = letters.spans[static_cast<std::size_t>(i)];
          ASSERT_EQ(span.lane, lane);
          ASSERT_EQ(span.first, end);
          end = span.first + span.length;
          ASSERT_LE(end, letters.times);
          const auto row = [&](std::int32_t t) {
            return static_cast<std::size_t>(t * window.lanes + lane);
          };
          const Owner word = words.owners[row(span.parent)];
          ASSERT_EQ(word.sequence, span.sequence);
          ASSERT_EQ(++seen[std::pair(span.sequence, word.step)], 1);
          ASSERT_EQ(span.length, letters_in(span.sequence, word.step));
          for (std::int32_t place = 0; place < span.length; ++place, ++owned) {
            const std::size_t here = row(span.first + place);
            ASSERT_EQ(letters.tokens[0][here], letter(span.sequence, word.step, place));
            ASSERT_EQ(letters.resets[here], place == 0);
            ASSERT_EQ(letters.owners[here].sequence, span.sequence);
            ASSERT_EQ(letters.owners[here].step, span.step + place);
          }
        }
      }
      // All other rows are nobody's.
      for (std::size_t i = 0; i < letters.owners.size(); ++i) {
        if (letters.owners[i].sequence >= 0) continue;
        ++owned;
        ASSERT_EQ(letters.resets[i], 1);
        ASSERT_EQ(letters.tokens[0][i], 0);
      }
      ASSERT_EQ(owned, letters.owners.size());
    }
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(source.whole()->starts().back()));
}

TEST(LetterWindows, AreOfWholeSequences) {
  const Columns columns = word_columns();
  const PackedWindows source(sentences(columns, 30), columns);
  LaneLayout layout;
  layout.lanes = layout.last_lane = 2;
  layout.window = 16;
  layout.carried = true;
  EXPECT_EQ(test::error_of([&] { source.reader(layout); }),
            "the letters of words lie in windows of whole sequences: give --state fresh, or "
            "prepare the data without --letters");
}

}  // namespace
}  // namespace rondo
