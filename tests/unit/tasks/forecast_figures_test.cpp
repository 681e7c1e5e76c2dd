// Figures of forecasts, computed by hand.
#include "tasks/figures/forecast_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "rondo/core/errors.hpp"

namespace rondo::tasks {
namespace {

using kernels::NumberLoss;
using kernels::NumberLossKind;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// One series, 10, 12, 15, 11, 20, whose last value is subtracted, in units of 2; a row ahead.
class ForecastFiguresTest : public testing::Test {
 protected:
  ForecastFiguresTest() {
    Column target;
    target.name = "y";
    target.role = ColumnRole::target;
    target.kind = ColumnKind::real;
    target.mean = {13};
    target.deviation = {2};
    target.is_series = true;
    stored_.push_back(target);
    auto series = std::make_unique<MemorySequences>(stored_);
    series->add(5);
    series->put(0, std::vector<double>{10, 12, 15, 11, 20});
    sequences_ =
        std::make_unique<ForecastSequences>(std::move(series), stored_, ForecastShape{.horizon = 1},
                                            ForecastSequences::Origins::scored);
  }

  // What is said of 12, 15, 11 and 20, relative to the value before.
  Answers answers(const std::vector<double>& said, const NumberLoss& loss = {}) {
    Answers made;
    made.losses = {1, 2, 3, 4};
    made.weights.assign(4, 1);
    made.numbers.loss = loss;
    made.numbers.starts = {0, 1, 2, 3, 4};
    made.numbers.given.resize(4);
    sequences_->read(1, 0, made.numbers.given);
    made.numbers.said = said;
    return made;
  }
  static double figure(const Evaluation& evaluation, const std::string& name) {
    for (const Figure& each : evaluation.figures) {
      if (each.name == name) return each.value;
    }
    ADD_FAILURE() << "no " << name;
    return none;
  }

  Columns stored_;
  std::unique_ptr<ForecastSequences> sequences_;
};

TEST_F(ForecastFiguresTest, OfPointsInUnitsAndInDeviations) {
  // 11, 14, 15 and 15, off by -1, -1, 4 and -5.
  const Evaluation evaluation = judge_forecasts(answers({0.5, 1, 0, 2}), *sequences_, stored_[0]);
  EXPECT_EQ(evaluation.targets, 4);
  EXPECT_EQ(evaluation.loss, 2.5);
  EXPECT_EQ(evaluation.figures[0].name, "scaled_mse");
  EXPECT_EQ(evaluation.score, evaluation.figures[0].value);
  EXPECT_DOUBLE_EQ(figure(evaluation, "mse"), 43 / 4.0);
  EXPECT_DOUBLE_EQ(figure(evaluation, "scaled_mse"), 43 / 16.0);
  EXPECT_DOUBLE_EQ(figure(evaluation, "mae"), 11 / 4.0);
  EXPECT_DOUBLE_EQ(figure(evaluation, "scaled_mae"), 11 / 8.0);
  EXPECT_NEAR(figure(evaluation, "smape"), 50 * (1 / 23.0 + 1 / 29.0 + 4 / 26.0 + 5 / 35.0), 1e-12);
  const double spread = 2.5 * 2.5 + 0.5 * 0.5 + 3.5 * 3.5 + 5.5 * 5.5;  // about 14.5
  EXPECT_NEAR(figure(evaluation, "nse"), 1 - 43 / spread, 1e-12);
  // What is said has the mean 13.75.
  const double said = 2.75 * 2.75 + 0.25 * 0.25 + 2 * 1.25 * 1.25;
  const double both = 2.5 * 2.75 + 0.5 * 0.25 - 3.5 * 1.25 + 5.5 * 1.25;
  const double r = both / std::sqrt(spread * said);
  EXPECT_NEAR(figure(evaluation, "kge"),
              1 - std::sqrt((r - 1) * (r - 1) + std::pow(std::sqrt(said / spread) - 1, 2) +
                            std::pow(13.75 / 14.5 - 1, 2)),
              1e-12);
}

TEST_F(ForecastFiguresTest, ErrorsAreScaledByTheNaiveForecastsOfTraining) {
  const Answers made = answers({0.5, 1, 0, 2});  // off by -1, -1, 4 and -5
  const auto has_mase = [&] {
    const auto figures = judge_forecasts(made, *sequences_, stored_[0]).figures;
    return std::ranges::find(figures, "mase", &Figure::name) != figures.end();
  };
  EXPECT_FALSE(has_mase());
  sequences_->scale_errors_by({4});
  EXPECT_DOUBLE_EQ(figure(judge_forecasts(made, *sequences_, stored_[0]), "mase"), 11 / 4.0 / 4);
  sequences_->scale_errors_by({none});
  EXPECT_FALSE(has_mase());
}

TEST_F(ForecastFiguresTest, EachSeriesHasAScaleOfItsOwn) {
  auto series = std::make_unique<MemorySequences>(stored_);
  for (int i = 0; i < 3; ++i) {
    series->add(3);
    series->put(0, std::vector<double>{10, 12, 15});
  }
  sequences_ = std::make_unique<ForecastSequences>(std::move(series), stored_, ForecastShape{},
                                                   ForecastSequences::Origins::scored);
  sequences_->scale_errors_by({2, none, 0.5});
  Answers made;
  made.losses = made.weights = std::vector<double>(6, 1);
  made.numbers.starts = {0, 1, 2, 3, 4, 5, 6};
  made.numbers.given.resize(6);
  sequences_->read(1, 0, made.numbers.given);
  made.numbers.said.assign(6, 0);  // off by 2 and 3 in each series
  EXPECT_DOUBLE_EQ(figure(judge_forecasts(made, *sequences_, stored_[0]), "mase"),
                   (1 + 1.5 + 4 + 6) / 4);
}

TEST_F(ForecastFiguresTest, ABacktestIsByTimeAndByRowsAhead) {
  const Answers made = answers({0.5, 1, 0, 2});  // off by -1, -1, 4 and -5
  Evaluation evaluation = judge_forecasts(made, *sequences_, stored_[0]);
  backtest_forecasts(made, *sequences_, stored_[0], 2, evaluation);
  const auto mse = [](const Slice& slice) {
    return std::ranges::find(slice.figures, "mse", &Figure::name)->value;
  };
  // Forecasts begin in rows 2 to 5.
  ASSERT_EQ(evaluation.folds.size(), 2U);
  EXPECT_EQ(evaluation.folds[0].first, 1);
  EXPECT_EQ(evaluation.folds[0].last, 3);
  EXPECT_EQ(evaluation.folds[0].targets, 2);
  EXPECT_EQ(mse(evaluation.folds[0]), 1);
  EXPECT_EQ(evaluation.folds[1].first, 4);
  EXPECT_EQ(evaluation.folds[1].last, 5);
  EXPECT_EQ(mse(evaluation.folds[1]), 41 / 2.0);
  ASSERT_EQ(evaluation.ahead.size(), 1U);
  EXPECT_EQ(mse(evaluation.ahead[0]), 43 / 4.0);
}

TEST_F(ForecastFiguresTest, RowsAheadAreToldApart) {
  auto series = std::make_unique<MemorySequences>(stored_);
  series->add(4);
  series->put(0, std::vector<double>{10, 12, 15, 11});
  sequences_ = std::make_unique<ForecastSequences>(
      std::move(series), stored_, ForecastShape{.horizon = 2}, ForecastSequences::Origins::scored);
  Answers made;
  made.losses = made.weights = {1, 1};
  made.numbers.starts = {0, 1, 2};
  made.numbers.given.resize(4);
  sequences_->read(1, 0, made.numbers.given);
  made.numbers.said.assign(4, 0);  // 10 for 12 and 15, 12 for 15 and 11
  Evaluation evaluation = judge_forecasts(made, *sequences_, stored_[0]);
  backtest_forecasts(made, *sequences_, stored_[0], 9, evaluation);
  EXPECT_EQ(evaluation.folds.size(), 3U);  // no more than rows
  EXPECT_EQ(evaluation.folds[0].targets, 0);
  EXPECT_TRUE(evaluation.folds[0].figures.empty());
  ASSERT_EQ(evaluation.ahead.size(), 2U);
  const auto mae = [](const Slice& slice) {
    return std::ranges::find(slice.figures, "mae", &Figure::name)->value;
  };
  EXPECT_EQ(mae(evaluation.ahead[0]), (2 + 3) / 2.0);
  EXPECT_EQ(mae(evaluation.ahead[1]), (5 + 1) / 2.0);
}

TEST_F(ForecastFiguresTest, OfIntervals) {
  // Means as above, deviations of 2 e: intervals reach 6.97 to each side.
  const Evaluation gaussian = judge_forecasts(
      answers({0.5, 1, 1, 1, 0, 1, 2, -9}, {NumberLossKind::gaussian}), *sequences_, stored_[0]);
  EXPECT_EQ(gaussian.figures[0].name, "nll");
  EXPECT_EQ(gaussian.interval, 0.8);
  EXPECT_DOUBLE_EQ(figure(gaussian, "coverage"), 0.75);
  const Evaluation quantiles =
      judge_forecasts(answers({0, 1, 1, 2, -3, 1, 0, 1}, {NumberLossKind::quantile, 1, {0.1, 0.9}}),
                      *sequences_, stored_[0]);
  // 10 to 12, 14 to 16, 9 to 17, 11 to 13.
  EXPECT_DOUBLE_EQ(figure(quantiles, "coverage"), 0.75);
  EXPECT_NEAR(figure(quantiles, "pinball"), (0.2 + 0 + 0.1 + 0.1 + 0.2 + 0.6 + 0.9 + 6.3) / 8,
              1e-12);
  EXPECT_EQ(quantiles.figures[0].name, "scaled_pinball");
}

TEST_F(ForecastFiguresTest, NothingCameIsRefused) {
  Answers made = answers({0, 0, 0, 0});
  made.numbers.given.assign(4, none);
  EXPECT_THROW(judge_forecasts(made, *sequences_, stored_[0]), InputError);
}

}  // namespace
}  // namespace rondo::tasks
