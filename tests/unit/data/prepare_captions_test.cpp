// Texts of numbers, of one step or several, and what is no caption.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "input_error.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class PrepareCaptions : public test::PrepareTable {
 protected:
  TableOptions captions(std::string_view table) {
    TableOptions made = options(table);
    made.task = "caption";
    made.says = TableTargets::captions;
    return made;
  }
};

TEST_F(PrepareCaptions, numbers_are_guessed_and_are_one_step) {
  TableOptions table = captions("rain,wind,kind\n1,2,O K S\n3,5,AH\n");
  prepare_table(table);
  const auto train = open("train");
  ASSERT_EQ(columns_.size(), 2U);
  EXPECT_EQ(columns_[0].kind, ColumnKind::real);
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_EQ(columns_[1].scope, ColumnScope::own);
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{1, 1}));
  EXPECT_EQ(numbers(*train, 0, 4), (std::vector<double>{1, 2, 3, 5}));
  EXPECT_EQ(symbols(*train, 1, 6), "O K S <eos> AH <eos>");
}

TEST_F(PrepareCaptions, numbers_may_be_several_steps_beside_a_class) {
  TableOptions table = captions("a,b,c,d,place,kind\n1,2,3,4,here,x y\n5,6,7,8,there,y z\n");
  table.sources = {"a", "b", "c", "d"};
  table.constants = {"place"};
  table.targets = {"kind:word"};
  table.steps = 2;
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{2, 2}));
  EXPECT_EQ(numbers(*train, 0, 8), (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(columns_[1].scope, ColumnScope::sequence);
}

TEST_F(PrepareCaptions, rows_of_a_group_are_steps_and_have_one_text) {
  TableOptions table =
      captions("day,rain,kind\na,1,a wet one\na,2,a wet one\nb,0,dry\na,3,a wet one\n");
  table.group = "day";
  table.sources = {"rain"};
  table.targets = {"kind:word"};
  prepare_table(table);
  const auto train = open("train");
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{3, 1}));
  EXPECT_EQ(numbers(*train, 0, 4), (std::vector<double>{1, 2, 3, 0}));
  EXPECT_EQ(symbols(*train, 1, 6), "a wet one <eos> dry <eos>");
  std::filesystem::remove(folder_ / "t.rondo");
  table.inputs = {folder_.write("t.csv", "day,rain,kind\na,1,wet\na,2,dry\n")};
  EXPECT_EQ(refusal(table),
            "t.csv, line 3, column 'kind': the value differs from t.csv, line 2's, and a sequence "
            "has one target");
}

TEST_F(PrepareCaptions, what_reads_texts_is_refused) {
  TableOptions table = captions("text,kind\nox,O K S\na,AH\n");
  EXPECT_EQ(refusal(table),
            "--source text: --task caption reads numbers or classes, and this is a text, which "
            "--task transduce reads; say text:class if it is one of a few names");
  table.sources = {"text:class"};
  prepare_table(table);
  EXPECT_EQ(open("train")->lengths()[0], 1);
  std::filesystem::remove(folder_ / "t.rondo");
  table.letters = "text";
  EXPECT_EQ(refusal(table), "--letters does not go with --task caption");
  table.letters.clear();
  table.targets = {"kind:class"};
  EXPECT_EQ(refusal(table), "--target kind: --task caption says char, word or subword, not class");
  table = captions("rain,kind\n1,x\n,y\n");
  EXPECT_EQ(refusal(table).substr(0, 62),
            "t.csv, line 3, column 'rain': the value is missing: fill it in");
}

TEST_F(PrepareCaptions, columns_of_texts_are_no_captions) {
  TableOptions pairs = options("text,kind\nox,O K S\na,AH\n");
  pairs.task = "transduce";
  pairs.says = TableTargets::sequences;
  prepare_table(pairs);
  open("train");
  std::filesystem::remove(folder_ / "t.rondo");
  TableOptions table = captions("text,kind\nox,O K S\n");
  table.targets.clear();
  table.columns = columns_;
  table.columns_from = "pairs.rondo";
  EXPECT_EQ(refusal(table),
            "--columns-from pairs.rondo: it reads texts ('text'), which --task caption does not");
}

}  // namespace
}  // namespace rondo
