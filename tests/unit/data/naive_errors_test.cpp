// What errors of forecasts are scaled by, computed by hand.
#include "data/series/naive_errors.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rondo/data/columns.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// 10, 12, 15, 11, 20 beside 1, 1, 1, none, 1; a row before them.
class NaiveErrorsTest : public testing::Test {
 protected:
  NaiveErrorsTest() : columns_(1) {
    columns_[0].kind = ColumnKind::real;
    columns_[0].width = 2;
    series_ = std::make_unique<MemorySequences>(columns_);
    series_->add(1);
    series_->put(0, std::vector<double>{7, 7});
    series_->add(5);
    series_->put(0, std::vector<double>{10, 1, 12, 1, 15, 1, 11, none, 20, 1});
  }
  std::vector<double> errors(std::int64_t rows, std::int64_t season) const {
    return naive_errors(*series_, 1, 0, 2, rows, season);
  }

  Columns columns_;
  std::unique_ptr<MemorySequences> series_;
};

TEST_F(NaiveErrorsTest, AreThoseOfTheValueASeasonBefore) {
  EXPECT_EQ(errors(5, 1)[0], (2 + 3 + 4 + 9) / 4.0);
  EXPECT_EQ(errors(5, 2)[0], (5 + 1 + 5) / 3.0);
  EXPECT_EQ(errors(3, 1)[0], (2 + 3) / 2.0);
}

TEST_F(NaiveErrorsTest, AreUnknownWithoutAChangeOrTwoValues) {
  EXPECT_TRUE(std::isnan(errors(5, 1)[1]));
  EXPECT_TRUE(std::isnan(errors(5, 5)[0]));
  EXPECT_TRUE(std::isnan(errors(0, 1)[0]));
}

TEST_F(NaiveErrorsTest, LeaveOutWhatIsMissing) {
  series_->clear();
  series_->add(1);
  series_->put(0, std::vector<double>{7, 7});
  series_->add(4);
  series_->put(0, std::vector<double>{10, 1, none, 4, 15, none, 11, 1});
  EXPECT_EQ(errors(4, 1)[0], 4);
  EXPECT_EQ(errors(4, 1)[1], 3);
}

}  // namespace
}  // namespace rondo
