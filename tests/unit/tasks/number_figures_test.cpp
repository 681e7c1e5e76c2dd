#include "tasks/figures/number_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>

#include "rondo/core/errors.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo::tasks {
namespace {

using kernels::NumberLoss;
using kernels::NumberLossKind;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

Column column_of(std::vector<double> mean, std::vector<double> deviation) {
  Column column;
  column.name = "y";
  column.role = ColumnRole::target;
  column.kind = ColumnKind::real;
  column.width = static_cast<int>(mean.size());
  column.mean = std::move(mean);
  column.deviation = std::move(deviation);
  return column;
}

Answers answers_of(NumberLoss loss, std::vector<double> given, std::vector<double> said,
                   std::vector<std::int64_t> starts) {
  Answers answers;
  answers.losses.assign(starts.size() - 1, 0.5);
  answers.weights.assign(starts.size() - 1, 1);
  answers.numbers = {std::move(loss), std::move(starts), std::move(given), std::move(said)};
  return answers;
}

double figure(const std::vector<Figure>& figures, const std::string& name) {
  for (const Figure& each : figures) {
    if (each.name == name) return each.value;
  }
  return none;
}

TEST(NumberFigures, AreInTheTargetsUnits) {
  // Said in units: 10, 14, 8, 12; given: 11, 12, none, 16: errors -1, 2, -4.
  const Column column = column_of({10}, {2});
  const Answers answers = answers_of({}, {11, 12, none, 16}, {0, 2, -1, 1}, {0, 2, 4});
  const Evaluation evaluation = judge_numbers(answers, column);
  EXPECT_EQ(evaluation.targets, 3);
  EXPECT_EQ(evaluation.loss, 0.5);
  EXPECT_EQ(evaluation.figures.front().name, "mse");
  EXPECT_EQ(evaluation.score, 7);
  EXPECT_EQ(figure(evaluation.figures, "mse"), 7);
  EXPECT_EQ(figure(evaluation.figures, "rmse"), std::sqrt(7.0));
  EXPECT_EQ(figure(evaluation.figures, "mae"), 7.0 / 3);
  EXPECT_DOUBLE_EQ(figure(evaluation.figures, "r2"), 1 - 7.0 / (14.0 / 3));
  EXPECT_EQ(numbers_text("it", evaluation, column, "test"),
            "it on test: MSE 7, RMSE 2.64575, MAE 2.33333, R2 -0.5, loss 0.5000, 3 numbers\n");
}

TEST(NumberFigures, OfWhatTheLossMinimisesComeFirst) {
  const Column column = column_of({0}, {1});
  const auto first = [&](NumberLossKind kind) {
    return judge_numbers(answers_of({kind}, {1, 2}, {0, 2}, {0, 1, 2}), column).figures[0].name;
  };
  EXPECT_EQ(first(NumberLossKind::squared), "mse");
  EXPECT_EQ(first(NumberLossKind::huber), "mse");
  EXPECT_EQ(first(NumberLossKind::absolute), "mae");
}

TEST(NumberFigures, OfAGaussianAreItsDensityAndItsInterval) {
  const Column column = column_of({5}, {2});
  // Means 5 and 7, deviations 2 and 2 e; the second number lies outside of the interval.
  const Answers answers = answers_of({NumberLossKind::gaussian}, {6, 14}, {0, 0, 1, 1}, {0, 1, 2});
  const Evaluation evaluation = judge_numbers(answers, column);
  const auto log_density = [](double x, double m, double s) {
    return -std::log(s * std::sqrt(2 * std::numbers::pi)) - (x - m) * (x - m) / (2 * s * s);
  };
  EXPECT_EQ(evaluation.figures[0].name, "nll");
  EXPECT_NEAR(evaluation.score, -(log_density(6, 5, 2) + log_density(14, 7, 2 * std::exp(1.0))) / 2,
              1e-14);
  EXPECT_EQ(figure(evaluation.figures, "coverage"), 0.5);
  EXPECT_EQ(evaluation.interval, 0.8);
  EXPECT_EQ(figure(evaluation.figures, "mse"), 25);
}

TEST(NumberFigures, OfQuantilesArePinballAndTheOutermostTwo) {
  const Column column = column_of({0}, {10});
  const NumberLoss loss{NumberLossKind::quantile, 1, {0.1, 0.4, 0.9}};
  // In units -10, 0, 20; and, crossed, 0, 10, 5, which are put in order.
  const Answers answers = answers_of(loss, {5, 11}, {-1, 0, 2, 0, 1, 0.5}, {0, 1, 2});
  const Evaluation evaluation = judge_numbers(answers, column);
  EXPECT_EQ(evaluation.figures[0].name, "pinball");
  EXPECT_DOUBLE_EQ(evaluation.score,
                   ((15 * 0.1 + 5 * 0.4 + 15 * 0.1) / 3 + (11 * 0.1 + 6 * 0.4 + 1 * 0.9) / 3) / 2);
  EXPECT_EQ(figure(evaluation.figures, "coverage"), 0.5);
  EXPECT_EQ(evaluation.interval, 0.8);
  EXPECT_EQ(figure(evaluation.figures, "mae"), (5 + 6) / 2.0);  // of the quantile nearest to 0.5
}

TEST(NumberFigures, OfSeveralNumbersAreMeansAndThoseThatDecideHaveNoUnit) {
  const Column column = column_of({0, 100}, {1, 50});
  // Errors 1 and 2 of the first; 50 and one that is not given of the second.
  const Answers answers = answers_of({}, {0, 100, 0, none}, {1, 1, 2, 3}, {0, 1, 2});
  const Evaluation evaluation = judge_numbers(answers, column);
  EXPECT_EQ(evaluation.targets, 3);
  EXPECT_EQ(evaluation.figures[0].name, "scaled_mse");
  EXPECT_EQ(evaluation.score, (2.5 + 1) / 2);
  EXPECT_EQ(figure(evaluation.figures, "mse"), (2.5 + 2500) / 2);
  ASSERT_EQ(evaluation.numbers.size(), 2U);
  EXPECT_EQ(evaluation.numbers[1].given, 1);
  EXPECT_EQ(figure(evaluation.numbers[1].figures, "mae"), 50);
  const auto json = numbers_json("it", evaluation, column, "test");
  EXPECT_EQ(json["numbers"][0]["target"], "y 1");
  EXPECT_EQ(json["metrics"]["scaled_mse"], 1.75);
}

TEST(NumberFigures, NeedTargets) {
  EXPECT_THROW(judge_numbers(answers_of({}, {none}, {1}, {0, 1}), column_of({0}, {1})), InputError);
}

TEST(NumberAnswers, OfSeveralModelsAreMeansAndOfGaussiansTheMixture) {
  const NumberLoss gaussian{NumberLossKind::gaussian};
  std::vector<double> sums(2), said;
  add_vote(gaussian, std::vector<double>{1, 2}, sums);
  add_vote(gaussian, std::vector<double>{3, 4}, sums);
  join_votes(gaussian, 2, sums, said);
  EXPECT_EQ(said, (std::vector<double>{2, std::sqrt((1 + 4 + 9 + 16) / 2.0 - 4)}));

  const NumberLoss quantile{NumberLossKind::quantile, 1, {0.3, 0.6}};
  sums = {0, 0};
  add_vote(quantile, std::vector<double>{1, 2}, sums);
  add_vote(quantile, std::vector<double>{2, 6}, sums);
  join_votes(quantile, 2, sums, said);
  EXPECT_EQ(said, (std::vector<double>{1.5, 4}));
  EXPECT_EQ(answer_part(quantile), 1U);
}

}  // namespace
}  // namespace rondo::tasks
