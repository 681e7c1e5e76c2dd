// What networks read of series: windows up to origins, or whole series, and what comes behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "input_error.hpp"
#include "rondo/data/forecasts.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

Column numbers(const std::string& name, ColumnRole role, std::vector<double> mean,
               std::vector<double> deviation) {
  Column column;
  column.name = name;
  column.role = role;
  column.kind = ColumnKind::real;
  column.width = static_cast<int>(mean.size());
  column.mean = std::move(mean);
  column.deviation = std::move(deviation);
  column.is_series = true;
  return column;
}

// Two targets: 10, 11, 12, ... and 100, 102, 104, ...; a source, 0, -1, -2, ...; what is known: the
// row's number in its series. The second series goes on 1,000 higher.
class ForecastSequencesTest : public testing::Test {
 protected:
  ForecastSequencesTest() {
    stored_.push_back(numbers("rain", ColumnRole::source, {0}, {1}));
    stored_.push_back(numbers("day", ColumnRole::known, {0}, {1}));
    stored_.push_back(numbers("y", ColumnRole::target, {10, 100}, {2, 4}));
  }

  std::unique_ptr<MemorySequences> series(const std::vector<int>& lengths,
                                          std::vector<std::int64_t> missing = {}) {
    auto all = std::make_unique<MemorySequences>(stored_);
    for (std::size_t s = 0; s < lengths.size(); ++s) {
      std::vector<double> rain, day, y;
      for (int row = 0; row < lengths[s]; ++row) {
        rain.push_back(-row);
        day.push_back(row);
        const bool lacks = std::ranges::find(missing, row) != missing.end();
        y.push_back(lacks ? none : 10 + row + 1000.0 * static_cast<double>(s));
        y.push_back(lacks ? none : 100 + 2 * row + 1000.0 * static_cast<double>(s));
      }
      all->add(lengths[s]);
      all->put(0, rain);
      all->put(1, day);
      all->put(2, y);
    }
    return all;
  }

  ForecastSequences forecasts(
      const std::vector<int>& lengths,
      ForecastSequences::Origins origins = ForecastSequences::Origins::training,
      std::vector<std::int64_t> context = {}, std::vector<std::int64_t> missing = {}) {
    return {series(lengths, std::move(missing)), stored_, shape_, origins, std::move(context)};
  }
  std::vector<double> read(const ForecastSequences& from, int column, std::int64_t first,
                           std::int64_t rows) {
    const Columns columns = forecast_columns(stored_, shape_);
    std::vector<double> values(
        static_cast<std::size_t>(rows * columns[static_cast<std::size_t>(column)].width));
    from.read(column, first, values);
    return values;
  }
  // As text, so that NaN is equal to itself.
  static std::string shown(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) text += fmt::format("{:.6g} ", value);
    return text;
  }

  Columns stored_;
  ForecastShape shape_{.horizon = 2, .look_back = 4, .segment = 2, .subtract = Subtract::none};
};

TEST_F(ForecastSequencesTest, FreshWindowsAreSegmentsUpToEachOrigin) {
  const ForecastSequences all = forecasts({8, 5, 7});
  // Origins 3, 4, 5; none in five rows; 3, 4.
  EXPECT_EQ(all.origins(), 5);
  ASSERT_EQ(all.sequences(), 5);
  EXPECT_EQ(all.lengths()[0], 2);
  EXPECT_EQ(all.place(4).series, 2);
  EXPECT_EQ(all.place(4).origin, 4);
  // A step has two rows of two targets and the source.
  EXPECT_EQ(shown(read(all, 0, 2, 2)), "0.5 0.5 -1 1 1 -2 1.5 1.5 -3 2 2 -4 ");
  EXPECT_EQ(shown(read(all, 1, 2, 2)), "3 4 5 6 ");
  EXPECT_EQ(shown(read(all, 2, 1, 1)), "2.5 2.5 3 3 ");
  // Read from the middle of a sequence on, over the border.
  EXPECT_EQ(shown(read(all, 1, 3, 2)), "5 6 4 5 ");
}

TEST_F(ForecastSequencesTest, StrideLeavesOutOriginsOfTraining) {
  shape_.stride = 2;
  EXPECT_EQ(forecasts({8}).origins(), 2);
  EXPECT_EQ(forecasts({8}, ForecastSequences::Origins::scored).origins(), 5);
}

TEST_F(ForecastSequencesTest, ScoredIsWhatLiesInTheSplit) {
  const ForecastSequences all = forecasts({9, 6}, ForecastSequences::Origins::scored, {3, 0});
  // Of the first series origins 2 to 6: the first forecast is of rows 3 and 4. Where there is no
  // context windows are shorter.
  EXPECT_EQ(all.origins(), 5 + 3);
  EXPECT_EQ(all.place(0).origin, 2);
  EXPECT_EQ(all.lengths()[0], 1);  // rows 1 and 2
  EXPECT_EQ(all.lengths()[1], 2);
  EXPECT_EQ(all.place(5).origin, 1);
  EXPECT_EQ(shown(read(all, 1, 0, 1)), "3 4 ");
}

TEST_F(ForecastSequencesTest, TheLastValueIsSubtractedFromWhatIsReadToo) {
  shape_.subtract = Subtract::last;
  const ForecastSequences all = forecasts({8});
  EXPECT_EQ(shown(read(all, 0, 0, 2)), "-1.5 -1.5 0 -1 -1 -1 -0.5 -0.5 -2 0 0 -3 ");
  EXPECT_EQ(shown(read(all, 2, 0, 1)), "0.5 0.5 1 1 ");
  std::vector<ForecastSequences::Scale> scales(4);
  all.scales(0, scales);
  EXPECT_EQ(scales[0].base, 13);
  EXPECT_EQ(scales[3].base, 106);
  EXPECT_EQ(scales[3].unit, 4);
}

TEST_F(ForecastSequencesTest, AMissingLastValueIsTheOneBefore) {
  shape_.subtract = Subtract::last;
  const ForecastSequences all = forecasts({8}, ForecastSequences::Origins::training, {}, {2, 3, 5});
  std::vector<ForecastSequences::Scale> scales(4);
  all.scales(0, scales);
  EXPECT_EQ(scales[0].base, 11);
  EXPECT_EQ(shown(read(all, 2, 0, 1)), "1.5 1.5 nan nan ");
}

TEST_F(ForecastSequencesTest, OfASeasonTheNewestValueThatLiesSeasonsBefore) {
  shape_.subtract = Subtract::season;
  shape_.season = 3;
  shape_.horizon = 4;
  const ForecastSequences all = forecasts({9});
  std::vector<ForecastSequences::Scale> scales(8);
  all.scales(1, scales);  // origin 4: rows 5, 6, 7 and 8 are as 2, 3, 4 and, two seasons before, 2
  std::vector<double> bases;
  for (std::size_t i = 0; i < 8; i += 2) bases.push_back(scales[i].base);
  EXPECT_EQ(shown(bases), "12 13 14 12 ");
  EXPECT_EQ(shown(read(all, 2, 1, 1)), "1.5 1.5 1.5 1.5 1.5 1.5 3 3 ");
}

TEST_F(ForecastSequencesTest, CarriedASeriesIsOneSequenceAndSpeaksAtEachRow) {
  shape_.is_carried = true;
  const ForecastSequences all = forecasts({6, 5}, ForecastSequences::Origins::scored, {2, 0});
  ASSERT_EQ(all.sequences(), 2);
  EXPECT_EQ(all.lengths()[0], 6);
  EXPECT_EQ(all.origins(), 3 + 3);
  // Rows 0 and 4, 5 of the first have no forecast that counts.
  EXPECT_EQ(shown(read(all, 2, 0, 6)),
            "nan nan nan nan 1 1 1.5 1.5 1.5 1.5 2 2 2 2 2.5 2.5 nan nan nan nan nan nan nan nan ");
  EXPECT_EQ(shown(read(all, 0, 5, 2)), "2.5 2.5 -5 500 250 0 ");
  EXPECT_FALSE(all.place(0).counts);
  EXPECT_TRUE(all.place(1).counts);
  // What is known behind a series' end is nothing.
  EXPECT_EQ(shown(read(all, 1, 4, 2)), "5 0 0 0 ");
}

TEST_F(ForecastSequencesTest, ChannelsApartAreSeriesOfTheirOwn) {
  shape_.is_apart = true;
  const ForecastSequences all = forecasts({8});
  EXPECT_EQ(all.origins(), 6);
  EXPECT_EQ(all.targets(), 1);
  EXPECT_EQ(all.place(3).target, 1);
  EXPECT_EQ(all.place(3).origin, 3);
  EXPECT_EQ(shown(read(all, 0, 6, 1)), "0 0 0.5 -1 ");
  EXPECT_EQ(shown(read(all, 2, 3, 1)), "2 2.5 ");
}

TEST_F(ForecastSequencesTest, TheLastOriginHasTheLastValue) {
  const auto last = ForecastSequences::Origins::last;
  const ForecastSequences all = forecasts({8, 9}, last, {}, {6, 7, 8});
  ASSERT_EQ(all.sequences(), 2);
  EXPECT_EQ(all.place(0).origin, 5);
  EXPECT_EQ(shown(read(all, 1, 1, 1)), "6 7 ");
  EXPECT_EQ(shown(read(all, 2, 0, 1)), "nan nan nan nan ");
  EXPECT_EQ(test::error_of([&] { forecasts({8}, last, {}, {7}); }),
            "series 1: 'day' must be known of the 2 rows that are forecast, and 1 row follow the "
            "last value");
  EXPECT_EQ(test::error_of([&] {
              forecasts({4}, last, {}, {1, 2, 3});
            }),
            "series 1 has 1 row with a value, and a forecast needs 2");
}

TEST_F(ForecastSequencesTest, WhatIsFedIsReadAsIfItHadCome) {
  shape_.subtract = Subtract::last;
  shape_.horizon = 1;
  shape_.fed = 2;
  ForecastSequences all = forecasts({8});
  EXPECT_EQ(all.origins(), 2);  // 3 and 4: three rows follow
  all.begin_feeding();
  all.feed(0, std::vector<double>{20, 200, 30, 300});
  all.feed(1, std::vector<double>{32, 304});
  // Rows 1 to 4 of the first, the last one fed; rows 3 to 6 of the second.
  EXPECT_EQ(shown(read(all, 0, 0, 4)),
            "-4.5 -24.5 -1 -4 -24 -2 -3.5 -23.5 -3 0 0 -4 "
            "-9.5 -49.5 -3 -9 -49 -4 -1 -1 -5 0 0 -6 ");
  EXPECT_EQ(shown(read(all, 1, 0, 4)), "3 5 5 7 ");
  std::vector<ForecastSequences::Scale> scales(2);
  all.scales(1, scales);
  EXPECT_EQ(scales[0].base, 32);
  EXPECT_EQ(shown({all.fed().begin(), all.fed().end()}), "20 200 0 0 0 0 30 300 32 304 0 0 ");
}

TEST_F(ForecastSequencesTest, FedWindowsGrowNearASeriesStart) {
  shape_.segment = 1;
  shape_.horizon = 1;
  shape_.fed = 3;
  ForecastSequences all = forecasts({7}, ForecastSequences::Origins::scored);
  ASSERT_EQ(all.sequences(), 3);
  EXPECT_EQ(all.starts()[3], 1 + 2 + 3);
  all.begin_feeding();
  all.feed(0, std::vector<double>{20, 200, 30, 300, 40, 400});
  all.feed(0, std::vector<double>{21, 201, 31, 301, 41, 401});
  EXPECT_EQ(all.starts()[3], 3 + 4 + 4);
  EXPECT_EQ(shown(read(all, 0, 0, 3)), "0 0 0 5 25 -1 5.5 25.25 -2 ");
}

TEST_F(ForecastSequencesTest, CarriedAnOriginThatIsFedIsOneStep) {
  shape_ = {.horizon = 1, .subtract = Subtract::last, .fed = 1, .is_stepped = true};
  ForecastSequences all = forecasts({5}, ForecastSequences::Origins::scored, {2});
  ASSERT_EQ(all.sequences(), 2);                               // origins 1 and 2
  EXPECT_EQ(shown(read(all, 0, 0, 2)), "0.5 0.5 -1 1 1 -2 ");  // as carried steps are read
  all.begin_feeding();
  all.feed(0, std::vector<double>{20, 200, 30, 300});
  EXPECT_EQ(shown(read(all, 0, 0, 2)), "5 25 -2 10 50 -3 ");
  EXPECT_EQ(all.starts()[2], 2);
}

TEST_F(ForecastSequencesTest, ASeriesHasNumbersAtEachStep) {
  stored_[2].scope = ColumnScope::sequence;
  EXPECT_NE(
      test::error_of([&] { forecast_columns(stored_, shape_); }).find("'y' is real of a sequence"),
      std::string::npos);
}

}  // namespace
}  // namespace rondo
