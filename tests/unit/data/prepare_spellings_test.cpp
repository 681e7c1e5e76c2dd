// Targets that steps spell: of rows that are steps, and of cells that are sequences.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "table_fixture.hpp"

namespace rondo {
namespace {

class PrepareSpellings : public test::PrepareTable {
 protected:
  TableOptions spellings(std::string_view table) {
    TableOptions made = options(table);
    made.task = "transcribe";
    made.says = TableTargets::spellings;
    made.targets = {"text:char"};
    return made;
  }
};

TEST_F(PrepareSpellings, rows_of_a_recording_hold_its_text_once) {
  TableOptions table =
      spellings("recording,low,high,text\nr1,1,2,ab\nr1,3,4,ab\nr1,5,6,ab\nr2,7,8,b\nr2,9,10,b\n");
  table.group = "recording";
  const TableSummary summary = prepare_table(table);
  const auto train = open("train");
  ASSERT_EQ(columns_.size(), 2U);
  EXPECT_TRUE(columns_[0].is_real());
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_EQ(columns_[1].scope, ColumnScope::own);
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{3, 2}));
  EXPECT_TRUE(std::ranges::equal(train->second_lengths(), std::array{3, 2}));
  EXPECT_EQ(symbols(*train, 1, 5), "ab<eos>b<eos>");
  EXPECT_EQ(numbers(*train, 0, 10), (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(summary.splits[0].too_long.count, 0);
}

TEST_F(PrepareSpellings, a_cell_of_symbols_is_a_sequence) {
  TableOptions table = spellings("word,text\naaabbb,ab\nccc,c\n");
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(columns_[0].kind, ColumnKind::character);
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{6, 3}));
}

TEST_F(PrepareSpellings, targets_that_steps_cannot_spell_are_counted_by_line) {
  TableOptions table = spellings(
      "recording,low,text\nr1,1,aab\nr1,2,aab\nr1,3,aab\nr2,4,aab\nr2,5,aab\nr2,6,aab\n"
      "r2,7,aab\nr3,8,ab\n");
  table.group = "recording";
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.splits[0].too_long.count, 2);
  const auto& places = summary.splits[0].too_long.places;
  ASSERT_EQ(places.size(), 2U);
  EXPECT_TRUE(places[0].ends_with("t.csv, line 2: 3 steps, 4 needed")) << places[0];
  EXPECT_TRUE(places[1].ends_with("t.csv, line 9: 1 steps, 2 needed")) << places[1];
}

TEST_F(PrepareSpellings, where_nothing_is_said_the_end_stands_alone) {
  TableOptions table = spellings("recording,low,text\nr1,1,\nr1,2,\nr2,3,ab\n");
  table.group = "recording";
  prepare_table(table);
  const auto train = open("train");
  EXPECT_TRUE(std::ranges::equal(train->second_lengths(), std::array{1, 3}));
  EXPECT_EQ(symbols(*train, 1, 4), "<eos>ab<eos>");
}

TEST_F(PrepareSpellings, what_cannot_be_is_named) {
  TableOptions table = spellings("recording,low,text\nr1,1,a\nr1,2,b\n");
  table.group = "recording";
  EXPECT_EQ(refusal(table),
            "t.csv, line 3, column 'text': the value differs from t.csv, line 2's, and a sequence "
            "has one target");
  table = spellings("recording,low,text\nr1,1,a\nr1,2,a\nr2,,b\n");
  table.group = "recording";
  EXPECT_EQ(refusal(table),
            "t.csv, line 4, column 'low': the value is missing: fill it in or leave the row out, "
            "or prepare what the network learns from with --missing mask");
  table = spellings("low,text\n1,a\n2,b\n");
  table.targets = {"text:class"};
  EXPECT_EQ(refusal(table),
            "--target text: --task transcribe says char, word or subword, not class");
}

}  // namespace
}  // namespace rondo
