#include "data/checks/check_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/data/excerpts.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class CheckData : public test::PrepareTable {
 protected:
  CheckedData checked(const TableOptions& made, std::int64_t most = 5, bool steps_spell = false) {
    prepare_table(made);
    const auto file = std::make_shared<DatasetReader>(folder_ / "t.rondo");
    columns_ = load_columns(file->small(), "t.rondo");
    return check_data(file, columns_, steps_spell, most);
  }
  static const Check& named(const CheckedData& data, const std::string& name) {
    return *std::ranges::find(data.checks, name, &Check::name);
  }
};

TEST_F(CheckData, SameInputsAreComparedWithTheFirstWhoseTargetIsGiven) {
  TableOptions made = options("word,kind,part\nab,x,train\nab,y,test\nab,x,test\ncd,y,train\n");
  made.split_by = "part";
  made.sources = {"word:char"};
  const CheckedData data = checked(made, 1);
  const Check& twice = named(data, "in_two_splits");
  EXPECT_EQ(twice.count, 2);
  ASSERT_EQ(twice.first.size(), 1U);  // no more were asked for
  EXPECT_EQ(twice.first[0].split, "test");
  EXPECT_EQ(twice.first[0].sequence, 0);
  EXPECT_EQ(twice.first[0].detail, "as train 1");
  EXPECT_EQ(twice.first[0].excerpt, "ab -> y");
  EXPECT_EQ(named(data, "contradicting").count, 1);
  EXPECT_EQ(named(data, "silent").count, 0);
}

TEST_F(CheckData, ClassesThatTrainLacksAreNamed) {
  // Labels of another data set: prepare refuses those that its own train split lacks.
  TableOptions made = options("word,kind\nabcde,x;y;z;w\n");
  made.sources = {"word:char"};
  made.targets = {"kind:labels"};
  checked(made);
  TableOptions again =
      options("word,kind,part\nab,x;z,train\nac,y,test\nad,x;y;w,test\nae,x,test\n");
  again.split_by = "part";
  again.targets = {};
  again.columns = columns_;
  const Check unseen = named(checked(again), "unseen_classes");
  EXPECT_EQ(unseen.count, 2);
  ASSERT_EQ(unseen.first.size(), 2U);
  EXPECT_EQ(unseen.first[0].detail, "y");
  EXPECT_EQ(unseen.first[1].sequence, 1);
}

TEST_F(CheckData, OneStepIsSilentWhereItHasManyNumbersAllAlike) {
  std::string head = "kind", alike = "x", few = "y";
  for (int i = 0; i < 16; ++i) {
    head += ",n" + std::to_string(i);
    alike += ",3";
    few += i == 7 ? ",4" : ",3";
  }
  const CheckedData data = checked(options(head + "\n" + alike + "\n" + few + "\n"));
  const Check& silent = named(data, "silent");
  ASSERT_EQ(silent.count, 1);
  EXPECT_EQ(silent.first[0].sequence, 0);
  EXPECT_EQ(silent.first[0].excerpt, "3 3 3 3 3 3 ... -> x");
  EXPECT_EQ(named(checked(options("kind,a,b\nx,3,3\ny,4,5\n")), "silent").count, 0);
}

TEST_F(CheckData, WhatIsTooLongForItsStepsIsToldWhereStepsSpell) {
  TableOptions made = options("word,kind\nabab,aa\nab,aa\n");
  made.task = "transcribe";
  made.says = TableTargets::spellings;
  made.sources = {"word:char"};
  made.targets = {"kind:char"};
  const Check long_one = named(checked(made, 5, true), "too_long");
  ASSERT_EQ(long_one.count, 1);
  EXPECT_EQ(long_one.first[0].sequence, 1);
  EXPECT_EQ(long_one.first[0].detail, "2 steps, 3 needed");
}

}  // namespace
}  // namespace rondo
