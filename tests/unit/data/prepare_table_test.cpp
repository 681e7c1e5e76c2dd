#include "rondo/data/prepare_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "table_fixture.hpp"

namespace rondo {
namespace {

using test::PrepareTable;

TEST_F(PrepareTable, text_of_a_row_becomes_a_sequence_of_characters) {
  TableOptions table = options("word,kind\nabba,x\nc,y\nab,x\n");
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.lengths, (std::vector<std::int32_t>{1, 2, 4}));
  const auto train = open("train");
  EXPECT_EQ(columns_[0].kind, ColumnKind::character);
  EXPECT_EQ(symbols(*train, 0, 7), "abbacab");
  EXPECT_EQ(symbols(*train, 1, 3), "x y x");
  EXPECT_EQ(columns_[0].counts, (std::vector<std::int64_t>{0, 3, 3, 1}));
}

TEST_F(PrepareTable, numbers_of_a_row_are_cut_into_steps_and_measured_in_train) {
  TableOptions table = options("p1,p2,kind,part\n1,5,x,train\n3,5,y,train\n9,9,x,test\n");
  table.split_by = "part";
  prepare_table(table);
  auto train = open("train");
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_EQ(columns_[0].mean, (std::vector<double>{2, 5}));
  EXPECT_EQ(columns_[0].deviation, (std::vector<double>{1, 1}));
  EXPECT_EQ(numbers(*train, 0, 4), (std::vector<double>{1, 5, 3, 5}));

  table.steps = 2;
  prepare_table(table);
  train = open("train");
  EXPECT_EQ(columns_[0].width, 1);
  EXPECT_EQ(train->lengths()[0], 2);
  EXPECT_EQ(numbers(*open("test"), 0, 2), (std::vector<double>{9, 9}));
}

// A number that is missing is refused with its place, or masked: 0 and a second input.
TEST_F(PrepareTable, missing_values_are_refused_or_masked) {
  TableOptions table =
      options("v,w,name,kind,part\n1,5,a,x,train\nNA,5,,y,train\n3,nan,b,,train\n,n/a,Na,y,test\n");
  table.split_by = "part";
  const std::string advice =
      ": the value is missing: fill it in or leave the row out, or prepare what the network learns "
      "from with --missing mask";
  EXPECT_EQ(refusal(table), "t.csv, line 3, column 'v'" + advice);
  table.sources = {"w"};
  EXPECT_EQ(refusal(table), "t.csv, line 4, column 'w'" + advice);
  table.sources = {"name:class"};
  EXPECT_EQ(refusal(table), "t.csv, line 3, column 'name'" + advice);

  table.sources = {"v", "w", "name:class"};
  table.mask_missing = true;
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.splits[0].missing, (std::vector<std::int64_t>{2, 1, 0}));
  const auto train = open("train"), test = open("test");
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_EQ(columns_[0].mean, (std::vector<double>{2, 5}));
  EXPECT_EQ(columns_[0].deviation, (std::vector<double>{1, 1}));
  EXPECT_EQ(columns_[0].inputs(), 4);
  EXPECT_EQ(symbols(*train, 1, 3), "a <missing> b");
  EXPECT_EQ(symbols(*test, 1, 1), "<unk>");  // NA is a name like any other
  std::vector<std::int32_t> kinds(3);
  train->read(2, 0, kinds);
  EXPECT_EQ(kinds, (std::vector<std::int32_t>{0, 1, -1}));

  const Standardizer scale(columns_[0]);
  std::vector<float> read(4);
  const std::vector<double> rows = numbers(*train, 0, 6);
  scale.apply(std::span(rows).first(2), read.data());
  EXPECT_EQ(read, (std::vector<float>{-1, 0, 0, 0}));
  scale.apply(std::span(rows).subspan(2, 2), read.data());
  EXPECT_EQ(read, (std::vector<float>{0, 0, 1, 0}));
  scale.apply(std::span(rows).last(2), read.data());
  EXPECT_EQ(read, (std::vector<float>{1, 0, 0, 1}));
  scale.apply(numbers(*test, 0, 2), read.data());
  EXPECT_EQ(read, (std::vector<float>{0, 0, 1, 1}));

  // New tables are read as the columns say.
  TableOptions later = options("v,w,name\n,5,\n");
  later.targets.clear();
  later.columns = columns_;
  later.columns_from = "model";
  prepare_table(later);
  EXPECT_TRUE(std::isnan(numbers(*open("train"), 0, 2)[0]));
  later.mask_missing = true;
  EXPECT_NE(folder_.refusal([&] { prepare_table(later); }).find("leave the other options out"),
            std::string::npos);
}

TEST_F(PrepareTable, a_column_without_any_number_is_masked_and_one_of_infinities_refused) {
  TableOptions table = options("v,w,kind\n,1,x\nNA,2,y\n");
  table.mask_missing = true;
  prepare_table(table);
  open("train");
  EXPECT_EQ(columns_[0].mean, (std::vector<double>{0, 1.5}));
  EXPECT_EQ(columns_[0].deviation, (std::vector<double>{1, 0.5}));
  std::filesystem::remove(folder_ / "t.rondo");
  table = options("v:real,kind\n1,x\ninf,y\n");
  table.sources = {"v:real:real"};
  table.mask_missing = true;
  EXPECT_EQ(refusal(table), "t.csv, line 3, column 'v:real': \"inf\" is no finite number");
}

TEST_F(PrepareTable, rows_without_a_group_are_no_sequence) {
  TableOptions table = options("id,v,kind\na,1,x\n,2,x\nb,3,y\n");
  table.group = "id";
  EXPECT_EQ(refusal(table),
            "t.csv, line 3, column 'id': the group is missing: fill it in or leave the row out");
}

TEST_F(PrepareTable, rows_of_a_group_are_steps_in_the_order_of_time) {
  TableOptions table = options("id,t,v,kind\na,10,3,x\nb,1,4,y\na,9,2,x\nb,2,5,y\na,11,1,x\n");
  table.group = "id";
  table.time = "t";
  EXPECT_TRUE(prepare_table(table).gathered);
  const auto train = open("train");
  EXPECT_EQ(numbers(*train, 0, 5), (std::vector<double>{2, 3, 1, 4, 5}));
  EXPECT_EQ(train->lengths()[0], 3);
  EXPECT_EQ(symbols(*train, 1, 2), "x y");
}

TEST_F(PrepareTable, draws_each_class_in_its_share_and_keeps_groups_whole) {
  std::string text = "v,kind,who\n";
  for (int i = 0; i < 100; ++i) {
    text += std::to_string(i) + (i < 80 ? ",x," : ",y,") + std::to_string(i / 4) + "\n";
  }
  TableOptions table = options(text);
  table.sources = {"v"};
  table.validation = table.test = 0.1;
  TableSummary summary = prepare_table(table);
  ASSERT_EQ(summary.splits.size(), 3U);
  for (const std::size_t split : {1U, 2U}) {
    EXPECT_EQ(summary.splits[split].classes[1], (std::vector<std::int64_t>{8, 2, 0}));
  }
  table.split_by = "who";
  summary = prepare_table(table);
  for (const TableSplit& split : summary.splits) EXPECT_EQ(split.sequences % 4, 0) << split.name;
}

TEST_F(PrepareTable, what_train_lacks_is_unknown_and_what_it_holds_is_told) {
  TableOptions table = options("w,kind\nab,x\nba,y\n");
  table.test_inputs = {folder_.write("u.csv", "w,kind\nab,y\nzb,x\n")};
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.splits[1].unknown[0], 1);
  EXPECT_EQ(summary.splits[1].also_in_train, 1);
  EXPECT_EQ(symbols(*open("test"), 0, 4), "ab<unk>b");
}

TEST_F(PrepareTable, takes_the_columns_of_another_data_set_and_a_target_may_be_absent) {
  TableOptions table = options("w,kind\nab,x\nba,y\n");
  prepare_table(table);
  const DatasetReader first(folder_ / "t.rondo");
  TableOptions later;
  later.test_inputs = {folder_.write("u.csv", "w\nbaz\n")};
  later.output = folder_ / "t.rondo";
  later.columns = load_columns(first.small(), "t.rondo");
  prepare_table(later);
  const auto test = open("test");
  std::array<std::int32_t, 1> answer{};
  test->read(1, 0, answer);
  EXPECT_EQ(answer[0], -1);
  EXPECT_EQ(symbols(*test, 0, 3), "ba<unk>");
}

TEST_F(PrepareTable, a_cell_of_labels_holds_any_number_of_names) {
  TableOptions table = options("w,kind\nab,x; long |x\nba,\nc,y;\n");
  table.targets = {"kind:labels"};
  table.test_inputs = {folder_.write("u.csv", "w,kind\nab,y|long\n")};
  TableSummary summary = prepare_table(table);
  auto train = open("train");
  ASSERT_TRUE(columns_[1].has_labels());
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{1, 1, 1}));  // long, x, y
  EXPECT_EQ(summary.splits[0].classes[1], (std::vector<std::int64_t>{1, 1, 1, 0}));
  std::array<std::int32_t, 3> words{};
  train->read(1, 0, words);
  EXPECT_EQ(words, (std::array<std::int32_t, 3>{0b011, 0, 0b100}));

  table.test_inputs = {folder_.write("u.csv", "w,kind\nab,y|z\n")};
  std::filesystem::remove(folder_ / "t.rondo");
  EXPECT_EQ(refusal(table),
            "u.csv, line 2, column 'kind': \"z\" is none of the 3 labels that the train split has");
  table = options("w,kind\nab,\nba,\n");
  table.targets = {"kind:labels"};
  EXPECT_EQ(refusal(table), "target 'kind': no sequence of the train split has a label");
  table = options("w,kind\nab,x\nba,y\n");
  table.sources = {"w:labels"};
  EXPECT_EQ(refusal(table), "--source w: labels are for --target");
}

TEST_F(PrepareTable, more_labels_than_a_word_has_bits_lie_in_several) {
  std::string text = "w,kind\n";
  for (int i = 10; i < 50; ++i) text += "a," + std::to_string(i) + ";10\n";
  TableOptions table = options(text);
  table.targets = {"kind:labels"};
  prepare_table(table);
  std::vector<std::int32_t> words(80);
  open("train")->read(1, 0, words);
  EXPECT_EQ(words[2 * 30], 1 | 1 << 30);
  EXPECT_EQ(words[2 * 31], 1);
  EXPECT_EQ(words[2 * 31 + 1], 1);
  EXPECT_EQ(words[2 * 39 + 1], 1 << 8);

  TableOptions later;
  later.test_inputs = {folder_.write("u.csv", "w\na\n")};
  later.output = folder_ / "t.rondo";
  later.columns = columns_;
  prepare_table(later);
  open("test")->read(1, 0, std::span(words).first(2));
  EXPECT_EQ(words[0], -1);
  EXPECT_EQ(words[1], -1);
}

TEST_F(PrepareTable, names_the_place_of_what_is_wrong) {
  const auto of_number = [&](const std::string& value) {
    TableOptions table = options("width,kind\n1,x\n" + value + ",y\n3,x\n");
    table.sources = {"width:real"};
    return refusal(table);
  };
  EXPECT_EQ(of_number("abc"), "t.csv, line 3, column 'width': \"abc\" is no finite number");
  EXPECT_EQ(of_number("-inf"), "t.csv, line 3, column 'width': \"-inf\" is no finite number");
  EXPECT_EQ(of_number("NaN"), of_number(""));
  EXPECT_EQ(of_number(""),
            "t.csv, line 3, column 'width': the value is missing: fill it in or leave the row out, "
            "or prepare what the network learns from with --missing mask");
  TableOptions table = options("width,kind\n1,x\n2,y\n3,x\n");
  table.sources = {"wdith"};
  EXPECT_EQ(refusal(table), "--source: there is no column \"wdith\"; did you mean width?");
  table.sources = {"width:colour"};
  EXPECT_EQ(refusal(table),
            "--source width:colour: the kinds of a column are char, word, subword, real, class, "
            "labels, image or audio, not "
            "\"colour\"");
  table.sources = {"width"};
  table.targets = {"width"};
  EXPECT_EQ(refusal(table), "the column 'width' has one use: --target or --source");
  table.targets = {};
  EXPECT_EQ(refusal(table), "--task classify needs --target NAME: the columns are width, kind");
  table = options("width,kind\n1,x\n2,y\n3,x\n");
  table.test_inputs = {folder_.write("u.csv", "width,kind\n1,z\n")};
  EXPECT_EQ(
      refusal(table),
      "u.csv, line 2, column 'kind': \"z\" is none of the 2 classes that the train split has");
}

TEST_F(PrepareTable, folders_are_classes_and_lines_are_paired) {
  folder_.write("f/x/1.txt", "ab\n");
  folder_.write("f/y/2.txt", "c\n");
  TableOptions table = options("");
  table.inputs = {folder_ / "f"};
  table.targets = {};
  prepare_table(table);
  auto train = open("train");
  EXPECT_EQ(symbols(*train, 0, 3), "abc");
  EXPECT_EQ(symbols(*train, 1, 2), "x y");

  table.inputs = {folder_.write("s.txt", "ab\nc\n")};
  table.target_inputs = {folder_.write("l.txt", "x\ny\n")};
  prepare_table(table);
  train = open("train");
  EXPECT_EQ(symbols(*train, 0, 3), "abc");
  folder_.write("l.txt", "x\n");
  std::filesystem::remove(folder_ / "t.rondo");
  EXPECT_TRUE(refusal(table).starts_with("l.txt ends before "));
}

}  // namespace
}  // namespace rondo
