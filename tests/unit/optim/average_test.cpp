#include "rondo/optim/average.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rondo {
namespace {

// The average after updates whose one weight was each of `values`.
double average_of(const OptimizationSettings& config, const std::vector<double>& values) {
  ThreadPool pool(1);
  double average = -100;  // what is no average yet leaves no trace
  for (std::size_t i = 0; i < values.size(); ++i) {
    take_into_average<double>(average_weight(config, static_cast<std::int64_t>(i) + 1),
                              {&values[i], 1}, {&average, 1}, pool);
  }
  return average;
}

TEST(Average, MovesByItsDecay) {
  OptimizationSettings config;
  config.average = 0.75;
  EXPECT_EQ(average_of(config, {8}), 8);
  EXPECT_EQ(average_of(config, {8, 0}), 6);
  EXPECT_EQ(average_of(config, {8, 0, 2}), 5);
}

TEST(Average, IsOtherwiseTheMean) {
  EXPECT_EQ(average_of({}, {8}), 8);
  EXPECT_EQ(average_of({}, {8, 4}), 6);
  EXPECT_NEAR(average_of({}, {8, 4, 3, 1}), 4, 1e-15);
}

// In pieces, on threads, with a tail.
TEST(Average, TakesInEveryWeight) {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    std::vector<float> parameters(40'001), average(parameters.size(), 1.0F);
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] = static_cast<float>(i);
    take_into_average<float>(0.5, parameters, average, pool);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      ASSERT_EQ(average[i], 0.5F * (static_cast<float>(i) + 1)) << i;
    }
  }
}

}  // namespace
}  // namespace rondo
