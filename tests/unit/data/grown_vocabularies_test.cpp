// Vocabularies of known columns that take in what they lack.
#include <gtest/gtest.h>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class GrownVocabularies : public test::PrepareTable {
 protected:
  TableOptions pairs(std::string_view table) {
    TableOptions made = options(table);
    made.task = "transduce";
    made.says = TableTargets::sequences;
    return made;
  }
  // New data for the columns of what was prepared last.
  TableOptions again(TableOptions table) {
    open("train");
    std::filesystem::remove(folder_ / "t.rondo");
    table.sources.clear();
    table.targets.clear();
    table.columns = columns_;
    table.columns_from = "runs/before";
    table.grow_vocabulary = true;
    return table;
  }
  std::string names(std::size_t column) const {
    std::string all;
    for (int i = 0; i < columns_[column].vocabulary->size(); ++i) {
      all += (i > 0 ? " " : "") + columns_[column].symbol_name(static_cast<std::size_t>(i));
    }
    return all;
  }
};

TEST_F(GrownVocabularies, put_new_symbols_behind_those_that_are_known) {
  prepare_table(pairs("text,kind\nba,X Y\na,Y\n"));
  TableOptions more = again(pairs("text,kind,part\nzac,Z X Z\nc,Q\nd,R,\n"));
  more.inputs = {folder_.write("t.csv", "text,kind,part\nzac,Z X Z,train\nc,Q,train\nd,R,test\n")};
  more.split_by = "part";
  const TableSummary summary = prepare_table(more);
  open("train");
  EXPECT_EQ(names(0), "<unk> a b c z");
  EXPECT_EQ(names(1), "<unk> <eos> Y X Z Q");
  EXPECT_EQ(summary.grown, (std::vector<std::int64_t>{2, 2}));
  // Old symbols keep the counts of the data that brought them.
  EXPECT_EQ(columns_[0].counts, (std::vector<std::int64_t>{0, 2, 1, 2, 1}));
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{0, 2, 2, 1, 2, 1}));
  const auto test = open("test");  // which brings none
  EXPECT_EQ(symbols(*test, 0, 1), "<unk>");
}

TEST_F(GrownVocabularies, stay_shared) {
  TableOptions table = pairs("text,kind\na b,b a\nb,b\n");
  table.sources = {"text:word"};
  table.targets = {"kind:word"};
  table.shared_vocabulary = true;
  prepare_table(table);
  prepare_table(again(pairs("text,kind\nq a,r r\nb,b\n")));
  open("train");
  EXPECT_EQ(names(0), names(1));
  EXPECT_EQ(names(0), "<unk> <eos> b a r q");
  EXPECT_EQ(columns_[0].counts, (std::vector<std::int64_t>{0, 0, 2, 1, 0, 1}));
}

TEST_F(GrownVocabularies, take_in_classes_in_their_order) {
  TableOptions table = options("text,kind\nab,z\nb,y\n");
  table.sources = {"text:char"};
  prepare_table(table);
  TableOptions more = again(options("text,kind\nab,c\nb,a\nb,z\n"));
  more.grow_vocabulary = false;
  EXPECT_NE(refusal(more).find("\"c\" is none of the 2 classes that runs/before has"),
            std::string::npos);
  more.grow_vocabulary = true;
  prepare_table(more);
  open("train");
  EXPECT_EQ(names(1), "y z a c");
}

TEST_F(GrownVocabularies, are_of_words_that_are_frequent_enough) {
  TableOptions table = pairs("text,kind\na b,x\nb,x\n");
  table.sources = {"text:word"};
  table.targets = {"kind:word"};
  prepare_table(table);
  TableOptions more = again(pairs("text,kind\nc c d,x\nb,x\n"));
  more.min_count = 2;
  prepare_table(more);
  open("train");
  EXPECT_EQ(names(0), "<unk> b a c");
}

TEST_F(GrownVocabularies, are_not_of_numbers) {
  TableOptions table = options("size,kind\n1,2\n2,3\n");
  table.task = "regress";
  table.says = TableTargets::numbers;
  prepare_table(table);
  TableOptions more = again(table);
  EXPECT_EQ(refusal(more),
            "--grow-vocabulary: the columns of runs/before are numbers and subwords, which stay");
}

}  // namespace
}  // namespace rondo
