// Series in tables: their times, their splits, and what is wrong with them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "data/tables/rows/table_stream.hpp"
#include "rondo/data/prepare_table.hpp"
#include "rondo/data/sequences.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

class PrepareSeries : public testing::Test {
 protected:
  TableOptions options(std::string_view table, std::vector<std::string> targets = {"y"}) {
    TableOptions made;
    made.task = "forecast";
    made.says = TableTargets::series;
    made.inputs = {folder_.write("t.csv", table)};
    made.targets = std::move(targets);
    made.time = "t";
    made.output = folder_ / "t.rondo";
    return made;
  }
  std::string refusal(std::string_view table) { return refusal(options(table)); }
  std::string refusal(const TableOptions& wrong) {
    std::string sentence = folder_.refusal([&] { prepare_table(wrong); });
    const std::string folder = (folder_ / "").string();
    for (std::size_t at; (at = sentence.find(folder)) != std::string::npos;) {
      sentence.erase(at, folder.size());
    }
    return sentence;
  }
  std::unique_ptr<SequenceSource> open(const std::string& split) {
    file_ = std::make_shared<DatasetReader>(folder_ / "t.rondo");
    columns_ = load_columns(file_->small(), "t.rondo");
    return open_sequences(file_, columns_, split);
  }
  std::vector<std::int64_t> contexts(const std::string& split) {
    return of_series(split + "/context");
  }
  std::vector<std::int64_t> of_series(const std::string& name) {
    const auto found = file_->small().get<std::int64_t>(name, file_->small().get(name).shape);
    return {found.begin(), found.end()};
  }
  // As text, so that NaN is equal to itself.
  std::string numbers(const SequenceSource& source, int column) {
    std::vector<double> values(static_cast<std::size_t>(
        source.starts().back() * columns_[static_cast<std::size_t>(column)].width));
    source.read(column, 0, values);
    std::string text;
    for (const double value : values) text += fmt::format("{:g} ", value);
    return text;
  }

  test::TextFolder folder_;
  Columns columns_;
  std::shared_ptr<const DatasetReader> file_;
};

TEST_F(PrepareSeries, ATableIsOneThatIsCutInTime) {
  TableOptions table = options("t,y,x\n1,1,9\n2,3,8\n3,2,7\n4,5,6\n5,6,5\n6,7,4\n7,8,3\n8,9,2\n");
  table.sources = {"x"};
  table.validation = 0.25;
  table.test = 3;  // rows
  table.context = 2;
  const TableSummary summary = prepare_table(table);
  EXPECT_EQ(summary.splits[2].context, 2);
  const auto train = open("train");
  EXPECT_EQ(numbers(*train, 0), "9 8 7 ");
  EXPECT_EQ(numbers(*train, 1), "1 3 2 ");
  EXPECT_EQ(columns_[1].mean, (std::vector<double>{2}));
  EXPECT_TRUE(columns_[1].is_series);
  EXPECT_EQ(numbers(*open("validation"), 1), "3 2 5 6 ");
  EXPECT_EQ(contexts("validation"), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(numbers(*open("test"), 1), "5 6 7 8 9 ");
}

TEST_F(PrepareSeries, EachGroupIsCutByItself) {
  TableOptions table = options("s,t,y\na,1,1\na,2,2\nb,5,3\na,3,4\nb,6,5\nb,7,6\nb,8,7\n");
  table.group = "s";
  table.validation = 0;
  table.test = 1 / 3.0;
  EXPECT_TRUE(prepare_table(table).gathered);
  const auto test = open("test");
  EXPECT_EQ(numbers(*test, 0), "1 2 4 3 5 6 7 ");
  EXPECT_EQ(contexts("test"), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(numbers(*open("train"), 0), "1 2 3 5 6 ");
}

TEST_F(PrepareSeries, SplitsMayBeAColumn) {
  TableOptions table =
      options("t,y,part\n1,1,train\n2,3,train\n3,2,dev\n4,5,dev\n5,6,test\n6,1,test\n");
  table.split_by = "part";
  table.context = 1;
  prepare_table(table);
  EXPECT_EQ(numbers(*open("validation"), 0), "3 2 5 ");
  EXPECT_EQ(numbers(*open("test"), 0), "5 6 1 ");
  table.rows = 5;
  prepare_table(table);
  EXPECT_EQ(numbers(*open("test"), 0), "5 6 ");
  table = options("t,y,part\n1,1,train\n2,3,test\n3,2,train\n");
  table.split_by = "part";
  EXPECT_EQ(refusal(table),
            "t.csv, line 4, column 'part': train follows rows of test: a series trains on its "
            "first rows");
}

TEST_F(PrepareSeries, AGapIsMissingRows) {
  TableOptions table = options("t,y\n2024-02-27,1\n2024-02-28,\n2024-03-02,3\n2024-03-03,4\n");
  table.validation = table.test = 0;
  table.mask_missing = true;
  prepare_table(table);
  EXPECT_EQ(numbers(*open("train"), 0), "1 nan nan nan 3 4 ");
}

TEST_F(PrepareSeries, DigitsAreDaysWhereAllMayBe) {
  const auto table = [](const std::string& a, const std::string& b, const std::string& c) {
    return "t,y\n" + a + ",1\n" + b + ",2\n" + c + ",3\n";
  };
  TableOptions days = options(table("20240130", "20240131", "20240201"));
  days.validation = days.test = 0;
  prepare_table(days);
  open("train");
  const auto behind = [&](const std::string& text) {
    TableStream stream({.files = {folder_.write("n.csv", text)}}, columns_);
    MemorySequences sequences(columns_);
    EXPECT_TRUE(stream.next(sequences));
    return stream.series().times.behind(0);
  };
  EXPECT_EQ(behind(table("20240130", "20240131", "20240201")), "20240202");
  EXPECT_EQ(behind(table("2024013122", "2024013123", "2024020100")), "2024020101");
  EXPECT_EQ(behind(table("202401312300", "202401312330", "202402010000")), "202402010030");
  // These are numbers.
  EXPECT_EQ(behind(table("20240130", "20240131", "20240132")), "20240133");
  EXPECT_EQ(behind(table("1700000000", "1700003600", "1700007200")), "1700010800");
  EXPECT_NE(refusal(table("20240131", "20240201", "20240203")).find("line 3 by 2 days, and rows"),
            std::string::npos);
}

TEST_F(PrepareSeries, PartsKnowTheirSeries) {
  TableOptions table = options("s,t,y\nb,1,1\nb,2,2\nb,3,4\na,5,3\na,6,5\na,7,6\n");
  table.group = "s";
  table.validation = 0;
  table.test = 2;
  prepare_table(table);
  open("train");
  EXPECT_EQ(of_series("train/series"), (std::vector<std::int64_t>{0, 1}));
  table.test_inputs = {folder_.write("later.csv", "s,t,y\nc,1,1\nc,2,5\na,8,3\na,9,5\n")};
  prepare_table(table);
  open("train");
  EXPECT_EQ(of_series("train/series"), (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(of_series("test/series"), (std::vector<std::int64_t>{2, 1}));
}

TEST_F(PrepareSeries, WhatIsWrongIsNamed) {
  EXPECT_EQ(refusal("t,y\n1,1\n2,2\n2,3\n"),
            "t.csv, line 4, column 't': 2 is the time of t.csv, line 3 too: rows of several series "
            "are told apart by --group NAME");
  EXPECT_EQ(refusal("t,y\n2024-01-02,1\n2024-01-01,2\n"),
            "t.csv, line 3, column 't': 2024-01-01 comes before 2024-01-02, the time of t.csv, "
            "line 2: sort the table by its time");
  EXPECT_EQ(refusal("t,y\n2024-01-01 01:00,1\n2024-01-01 02:00,2\n2024-01-01 05:00,2\n"),
            "t.csv, line 4, column 't': 2024-01-01 05:00 follows the time of t.csv, line 3 by 3 "
            "hours, and rows are 1 hour apart: fill the gap, or prepare what the network learns "
            "from with --missing mask");
  EXPECT_EQ(refusal("t,y\n0,1\n1,2\n2.5,2\n"),
            "t.csv, line 4, column 't': 2.5 follows the time of t.csv, line 3 by 1.5, and rows are "
            "1 apart");
  EXPECT_EQ(
      refusal("t,y\n1,1\n2,2\nlater,3\n"),
      "t.csv, line 4, column 't': \"later\" is no time: that is a number, or a day and a time "
      "as 2026-11-28 13:05, 2026-11-28 or 20261128");
  EXPECT_EQ(refusal("t,y\n1,1\n,2\n"), "t.csv, line 3, column 't': the time is missing");
  EXPECT_EQ(refusal("t,y\n1,1\n2024-01-01,2\n"),
            "t.csv, line 3, column 't': 2024-01-01 is a day, and the time of t.csv, line 2 is a "
            "number");
  EXPECT_EQ(refusal("t,y\n1,1\n2,\n3,1\n").substr(0, 53),
            "t.csv, line 3, column 'y': the value is missing: fill");
  EXPECT_EQ(refusal("t,y\n1,1\n2,inf\n3,1\n"),
            "t.csv, line 3, column 'y': \"inf\" is no finite number");
  EXPECT_EQ(refusal("t,y\n1,1\n2,much\n3,1\n"),
            "t.csv, line 3, column 'y': \"much\" is no finite number");
  TableOptions table = options("t,y,x\n1,1,a\n2,3,b\n");
  table.sources = {"x"};
  EXPECT_EQ(refusal(table), "--source x: a series has numbers at each step, not class");
  table = options("t,y\n1,1\n2,3\n3,4\n");
  table.test = 2;
  table.validation = 1 / 3.0;
  EXPECT_EQ(refusal(table),
            "t.csv, line 2: of the 3 rows of the series 1 for validation and 2 for the test leave "
            "none to train on");
}

TEST_F(PrepareSeries, AModelReadsWhatGoesOn) {
  TableOptions table = options("t,y,k\n1,1,0\n2,3,0\n3,4,1\n4,2,0\n");
  table.known = {"k"};
  table.validation = table.test = 0;
  prepare_table(table);
  open("train");
  TableStream stream({.files = {folder_.write("n.csv", "t,k,y\n5,0,7\n6,1,8\n7,1,\n8,0,\n")}},
                     columns_);
  MemorySequences sequences(columns_);
  ASSERT_TRUE(stream.next(sequences));
  EXPECT_EQ(numbers(sequences, 0), "0 1 1 0 ");
  EXPECT_EQ(numbers(sequences, 1), "7 8 nan nan ");
  EXPECT_EQ(stream.series().times.behind(0), "9");
  EXPECT_EQ(stream.series().times.behind(-2), "7");
  EXPECT_FALSE(stream.next(sequences));
  // Only at the end.
  TableStream wrong({.files = {folder_.write("n.csv", "t,k,y\n5,0,7\n6,1,\n7,1,3\n")}}, columns_);
  EXPECT_NE(folder_.refusal([&] { wrong.next(sequences); }).find("line 3, column 'y'"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo
