// Targets of which each step has one.
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "npy_bytes.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class PrepareSteps : public test::PrepareTable {
 protected:
  TableOptions steps(std::string_view table) {
    TableOptions made = options(table);
    made.task = "label";
    made.says = TableTargets::step_classes;
    return made;
  }
};

TEST_F(PrepareSteps, rows_of_a_group_have_a_class_each) {
  TableOptions table = steps("id,t,word,kind\na,2,y,O\na,1,x,B\nb,1,x,B\n");
  table.group = "id";
  table.time = "t";
  const TableSummary summary = prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(symbols(*train, 0, 3), "x y x");
  EXPECT_EQ(symbols(*train, 1, 3), "B O B");
  EXPECT_EQ(columns_[0].kind, ColumnKind::word);
  EXPECT_EQ(columns_[1].kind, ColumnKind::category);
  EXPECT_EQ(columns_[1].scope, ColumnScope::steps);
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(summary.splits[0].classes[1], (std::vector<std::int64_t>{2, 1, 0}));
}

TEST_F(PrepareSteps, cells_have_as_many_characters_or_words) {
  TableOptions table = steps("text,kind\nabc,xyx\nd,y\n");
  prepare_table(table);
  EXPECT_EQ(symbols(*open("train"), 1, 4), "xyxy");
  EXPECT_EQ(columns_[1].kind, ColumnKind::character);
  table.targets = {"kind:word"};
  std::filesystem::remove(folder_ / "t.rondo");
  EXPECT_EQ(refusal(table),
            "t.csv, line 2, column 'kind': there is 1 for the 3 steps of 'text', and each step has "
            "one");
  table = steps("text,kind\nthe cat sat,D N V\nrun,V\n");
  table.sources = {"text:word"};
  prepare_table(table);
  EXPECT_EQ(symbols(*open("train"), 1, 4), "D N V V");
  EXPECT_EQ(columns_[1].kind, ColumnKind::word);
}

TEST_F(PrepareSteps, items_of_an_array_have_a_class_for_each_step) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  TableOptions table = steps("");
  table.targets = {"x1"};
  const auto array = [&](const char* name, const char* shape, const std::vector<double>& values) {
    return folder_.write(name, test::npy_array("<f8", shape, test::npy_bytes(values)));
  };
  const auto x = array("x.npy", "(2, 3, 1)", {1, 2, 3, 4, 5, 6});
  table.inputs = {x, array("kind.npy", "(2, 3)", {7, 0, 7, 0, 0, 7})};
  prepare_table(table);
  EXPECT_EQ(symbols(*open("train"), 1, 6), "7 0 7 0 0 7");
  EXPECT_EQ(columns_[1].kind, ColumnKind::category);
  EXPECT_EQ(columns_[1].scope, ColumnScope::steps);
  std::filesystem::remove(folder_ / "t.rondo");
  table.inputs = {x, array("kind.npy", "(2, 2)", {7, 0, 7, 0})};
  EXPECT_EQ(
      refusal(table),
      "x.npy and kind.npy, item 0, column 'x1': there are 2 for the 3 steps of 'x0', and each "
      "step has one");
  table.inputs = {x, array("kind.npy", "(2, 3)", {7, 0, 7, 0, none, 7})};
  EXPECT_EQ(
      refusal(table),
      "x.npy and kind.npy, item 1, column 'x1': the value is missing: fill it in or leave the "
      "row out, or prepare what the network learns from with --missing mask");
  table.mask_missing = true;
  prepare_table(table);
}

TEST_F(PrepareSteps, what_is_no_class_of_a_step_is_refused) {
  TableOptions table = steps("text,kind\nab,x\nc,y\n");
  EXPECT_EQ(refusal(table),
            "t.csv, line 2, column 'kind': there is 1 for the 2 steps of 'text', and each step has "
            "one");
  table.targets = {"kind:class"};
  EXPECT_EQ(
      refusal(table),
      "--target kind: a row is a sequence here, and --task label says a class for each of its "
      "steps: as a word (kind:word) or a character (kind:char) each, or with --group NAME, "
      "where a row is a step");
  for (const std::string kind : {"labels", "real"}) {
    table.targets = {"kind:" + kind};
    EXPECT_EQ(refusal(table),
              "--target kind: --task label says a class for each step, not " + kind);
  }
}

TEST_F(PrepareSteps, what_is_missing_is_masked_step_by_step) {
  TableOptions table = steps("id,word,kind\na,x,B\na,y,\nb,x,O\n");
  table.group = "id";
  table.sources = {"word"};
  EXPECT_EQ(refusal(table).substr(0, 41), "t.csv, line 3, column 'kind': the value i");
  table.mask_missing = true;
  const TableSummary summary = prepare_table(table);
  std::array<std::int32_t, 3> given{};
  open("train")->read(1, 0, given);
  EXPECT_EQ(given, (std::array<std::int32_t, 3>{0, -1, 1}));
  EXPECT_EQ(summary.splits[0].classes[1], (std::vector<std::int64_t>{1, 1, 1}));

  table = steps("text,kind\nabc,xyx\nde,\n");
  table.mask_missing = true;
  prepare_table(table);
  std::array<std::int32_t, 5> of_cells{};
  open("train")->read(1, 0, of_cells);
  EXPECT_EQ(of_cells, (std::array<std::int32_t, 5>{0, 1, 0, -1, -1}));
}

TEST_F(PrepareSteps, takes_the_columns_of_another_data_set_of_steps) {
  TableOptions table = steps("id,word,kind\na,x,B\na,y,O\nb,x,O\n");
  table.group = "id";
  table.sources = {"word"};
  prepare_table(table);
  open("train");
  TableOptions later = steps("id,word\na,y\na,z\n");
  later.targets.clear();
  later.columns = columns_;
  later.columns_from = "model";
  prepare_table(later);
  std::array<std::int32_t, 2> given{};
  const auto train = open("train");
  train->read(1, 0, given);
  EXPECT_EQ(given, (std::array<std::int32_t, 2>{-1, -1}));
  EXPECT_EQ(symbols(*train, 0, 2), "y <unk>");
  // Of a table of tokens the sentences are the sequences.
  later.inputs = {folder_.write("t.conll", "y O\n\nx B\ny ?\n")};
  later.column_names = {"word", "class"};
  prepare_table(later);
  EXPECT_EQ(open("train")->lengths()[1], 2);
  later.says = TableTargets::classes;
  later.task = "classify";
  std::filesystem::remove(folder_ / "t.rondo");
  EXPECT_EQ(refusal(later),
            "--task classify says a class for each sequence, and 'kind' of --columns-from model is "
            "one for each step");
}

}  // namespace
}  // namespace rondo
