// Targets that are numbers: from a table to windows.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "data/tables/rows/table_stream.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/prepare_table.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

class PrepareNumbers : public testing::Test {
 protected:
  TableOptions options(std::string_view table, std::vector<std::string> targets) {
    TableOptions made;
    made.task = "regress";
    made.says = TableTargets::numbers;
    made.inputs = {folder_.write("t.csv", table)};
    made.targets = std::move(targets);
    made.validation = made.test = 0;
    made.output = folder_ / "t.rondo";
    return made;
  }
  std::string refusal(const TableOptions& wrong) {
    return folder_.refusal([&] { prepare_table(wrong); });
  }
  std::unique_ptr<SequenceSource> open(const std::string& split) {
    const auto file = std::make_shared<DatasetReader>(folder_ / "t.rondo");
    columns_ = load_columns(file->small(), "t.rondo");
    return open_sequences(file, columns_, split);
  }
  static void expect_numbers(const SequenceSource& source, int column,
                             const std::vector<double>& expected) {
    std::vector<double> values(expected.size());
    source.read(column, 0, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_TRUE(values[i] == expected[i] || (std::isnan(values[i]) && std::isnan(expected[i])))
          << i << ": " << values[i];
    }
  }

  test::TextFolder folder_;
  Columns columns_;
};

TEST_F(PrepareNumbers, several_of_a_row_stand_side_by_side_and_are_measured_in_train) {
  TableOptions table = options("x,a,part,b\n1,5,train,10\n2,7,train,30\n4,9,test,50\n", {"a", "b"});
  table.sources = {"x"};
  table.split_by = "part";
  const TableSummary summary = prepare_table(table);
  EXPECT_TRUE(summary.guessed[1]);
  const auto train = open("train");
  ASSERT_EQ(columns_.size(), 2U);
  EXPECT_EQ(columns_[1].name, "a..b");
  EXPECT_EQ(columns_[1].scope, ColumnScope::sequence);
  EXPECT_EQ(columns_[1].number_name(1), "b");
  EXPECT_EQ(columns_[1].mean, (std::vector<double>{6, 20}));
  EXPECT_EQ(columns_[1].deviation, (std::vector<double>{1, 10}));
  expect_numbers(*train, 1, {5, 10, 7, 30});
}

TEST_F(PrepareNumbers, are_of_steps_where_they_change_within_a_sequence) {
  const std::string rows = "id,x,y,z\na,1,5,8\na,2,6,8\nb,3,7,9\n";
  TableOptions table = options(rows, {"y"});
  table.sources = {"x"};
  table.group = "id";
  prepare_table(table);
  auto train = open("train");
  EXPECT_EQ(columns_[1].scope, ColumnScope::steps);
  expect_numbers(*train, 1, {5, 6, 7});

  table = options(rows, {"z"});
  table.sources = {"x"};
  table.group = "id";
  prepare_table(table);
  train = open("train");
  EXPECT_EQ(columns_[1].scope, ColumnScope::sequence);
  expect_numbers(*train, 1, {8, 9});
}

TEST_F(PrepareNumbers, many_different_ones_are_split_as_they_come) {
  std::string rows = "x,y\n";
  for (int i = 0; i < 40; ++i) rows += std::to_string(i) + "," + std::to_string(i * 1.25) + "\n";
  TableOptions table = options(rows, {"y"});
  table.validation = table.test = 0.1;
  const TableSummary summary = prepare_table(table);
  ASSERT_EQ(summary.splits.size(), 3U);
  EXPECT_EQ(summary.splits[1].sequences, 4);
}

TEST_F(PrepareNumbers, that_are_wrong_are_named_by_their_place) {
  const auto of = [&](const std::string& value) {
    TableOptions table = options("x,y\n1,4\n2," + value + "\n3,5\n", {"y"});
    return refusal(table);
  };
  EXPECT_EQ(of("much"), "t.csv, line 3, column 'y': \"much\" is no finite number");
  EXPECT_EQ(of("inf"), "t.csv, line 3, column 'y': \"inf\" is no finite number");
  EXPECT_TRUE(of("").starts_with("t.csv, line 3, column 'y': the value is missing"));
  EXPECT_EQ(of("nan"), of(""));
  EXPECT_EQ(
      refusal(options("x,y\n1,4\n2,4\n", {"y"})),
      "t.csv: the train split has one number alone, 4, as a value of the target 'y': there is "
      "nothing to foretell");
  EXPECT_EQ(refusal(options("x,y\n1,4\n2,5\n", {"y:class"})),
            "--target y: --task regress says numbers, not class");
  EXPECT_EQ(refusal(options("x,y\n1,4\n2,5\n", {})),
            "--task regress needs --target NAME: the columns are x, y");
}

TEST_F(PrepareNumbers, that_are_missing_are_masked_in_windows) {
  TableOptions table = options("id,x,a,b\ns,1,,20\ns,,2,22\nu,3,4,NA\n", {"a", "b"});
  table.sources = {"x"};
  table.group = "id";
  table.mask_missing = true;
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.splits[0].missing, (std::vector<std::int64_t>{1, 2}));
  auto train = open("train");
  expect_numbers(*train, 1, {none, 20, 2, 22, 4, none});
  EXPECT_EQ(columns_[1].inputs(), 2);  // nothing beside a target tells that it is missing
  EXPECT_EQ(columns_[1].mean, (std::vector<double>{3, 21}));

  const PackedWindows windows(std::move(train), columns_);
  LaneLayout lanes;
  lanes.lanes = lanes.last_lane = 2;
  lanes.window = 3;
  lanes.shuffle = false;
  Window window;
  windows.reader(lanes)->read(0, window);
  const WindowAxis& axis = window.axes[0];
  const std::vector<float>& targets = axis.reals[1];
  ASSERT_EQ(targets.size(), static_cast<std::size_t>(axis.times) * 2 * 2);
  int valid = 0;
  float sum = 0;
  for (const float target : targets) {
    valid += std::isnan(target) ? 0 : 1;
    sum += std::isnan(target) ? 0 : target;
  }
  EXPECT_EQ(valid, 4);
  EXPECT_EQ(sum, 0);  // -1 and 1 of each
}

TEST_F(PrepareNumbers, of_a_sequence_stand_at_its_last_step) {
  TableOptions table = options("p1,p2,p3,y\n1,2,3,10\n4,5,7,20\n", {"y"});
  table.steps = 3;
  prepare_table(table);
  const PackedWindows windows(open("train"), columns_);
  LaneLayout lanes;
  lanes.lanes = lanes.last_lane = 2;
  lanes.window = 3;
  Window window;
  windows.reader(lanes)->read(0, window);
  const WindowAxis& axis = window.axes[0];
  for (const Span& span : axis.spans) {
    for (int t = span.first; t <= span.last(); ++t) {
      const float target = axis.reals[1][static_cast<std::size_t>(t * 2 + span.lane)];
      EXPECT_EQ(std::isnan(target), t < span.last());
    }
  }
}

TEST_F(PrepareNumbers, may_be_absent_where_a_model_answers) {
  TableOptions table = options("id,x,a,b\ns,1,3,20\ns,2,2,22\nu,3,4,24\n", {"a", "b"});
  table.sources = {"x"};
  table.group = "id";
  prepare_table(table);
  open("train");
  for (const auto& [rows, expected] :
       {std::pair<std::string, std::vector<double>>{"id,x\ns,1\ns,2\n", {none, none, none, none}},
        {"id,x,b\ns,1,5\ns,2,\n", {none, 5, none, none}}}) {
    TableStream stream({.files = {folder_.write("n.csv", rows)}}, columns_);
    MemorySequences sequences(columns_);
    EXPECT_TRUE(stream.next(sequences));
    EXPECT_FALSE(stream.next(sequences));
    expect_numbers(sequences, 1, expected);
  }
  // Columns of classes are another task's.
  TableOptions other = options("id,x,a,b\ns,1,3,20\n", {});
  other.columns = columns_;
  other.columns_from = "run";
  other.task = "classify";
  other.says = TableTargets::classes;
  EXPECT_EQ(refusal(other),
            "--columns-from run: its target 'a..b' is real, which --task classify does not say");
}

}  // namespace
}  // namespace rondo
