#include "rondo/core/exact_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Distance from the true value in units in the last place of that value as a double.
double ulps(double value, long double truth) {
  if (static_cast<double>(truth) == value) return 0;
  const double rounded = std::fabs(static_cast<double>(truth));
  const double ulp = std::nextafter(rounded, infinity) - rounded;
  return static_cast<double>(std::fabs(static_cast<long double>(value) - truth) / ulp);
}

// The largest error over a grid that is not aligned with powers of two.
template <class Function, class Truth>
double worst(Function function, Truth truth, double from, double to, int points) {
  double error = 0;
  for (int i = 0; i <= points; ++i) {
    const double x = from + (to - from) * (i + 0.31) / points;
    error = std::max(error, ulps(function(x), truth(static_cast<long double>(x))));
  }
  return error;
}

constexpr long double pi = 3.14159265358979323846264338327950288L;
long double true_exp(long double x) { return std::exp(x); }
long double true_log(long double x) { return std::log(x); }
long double true_tanh(long double x) { return std::tanh(x); }
long double true_logistic(long double x) { return 1 / (1 + std::exp(-x)); }
long double true_sin_pi(long double x) { return std::sin(pi * x); }
long double true_cos_pi(long double x) { return std::cos(pi * x); }

TEST(ExactMath, ExpIsWithinOneUlp) {
  EXPECT_LT(worst(exact::exp, true_exp, -708, 709.7, 200000), 1);
  EXPECT_LT(worst(exact::exp, true_exp, -1, 1, 200000), 1);
  EXPECT_LT(worst(exact::exp, true_exp, -745, -708, 20000), 1);  // denormal results
}

TEST(ExactMath, LogIsWithinOneUlp) {
  EXPECT_LT(worst(exact::log, true_log, 0, 2, 200000), 1);
  EXPECT_LT(worst(exact::log, true_log, 0.99, 1.01, 200000), 1);
  EXPECT_LT(worst(exact::log, true_log, 1, 1e300, 20000), 1);
  EXPECT_LT(worst(exact::log, true_log, 0, 1e-310, 20000), 1);
}

TEST(ExactMath, TanhAndLogisticAreWithinTwoUlp) {
  EXPECT_LT(worst(exact::tanh, true_tanh, -21, 21, 200000), 2);
  EXPECT_LT(worst(exact::tanh, true_tanh, -1, 1, 200000), 2);
  EXPECT_LT(worst(exact::tanh, true_tanh, -1e-9, 1e-9, 20000), 2);
  EXPECT_LT(worst(exact::logistic, true_logistic, -40, 40, 200000), 2);
  EXPECT_LT(worst(exact::logistic, true_logistic, -700, -40, 20000), 2);
}

TEST(ExactMath, SineAndCosineOfTurnsAreWithinTwoUlpAwayFromTheirZeros) {
  // Below 1/4 of a half turn from a zero, long double's own pi x is not good enough for ulps.
  EXPECT_LT(worst(exact::sin_pi, true_sin_pi, 0, 0.75, 200000), 2);
  EXPECT_LT(worst(exact::cos_pi, true_cos_pi, -0.4, 0.4, 200000), 2);
  for (int i = -4000; i < 4000; ++i) {
    const double x = i * 0.00171;
    EXPECT_NEAR(exact::sin_pi(x), static_cast<double>(true_sin_pi(x)), 1e-15) << x;
    EXPECT_NEAR(exact::cos_pi(x), static_cast<double>(true_cos_pi(x)), 1e-15) << x;
  }
}

TEST(ExactMath, QuarterTurnsAreExact) {
  for (const double turn : {0.0, 2.0, -4.0, 1e15 * 2}) {
    EXPECT_EQ(exact::sin_pi(turn), 0);
    EXPECT_EQ(exact::cos_pi(turn), 1);
    EXPECT_EQ(exact::cos_pi(turn + 1), -1);
  }
  EXPECT_EQ(exact::sin_pi(0.5), 1);
  EXPECT_EQ(exact::sin_pi(-0.5), -1);
  EXPECT_EQ(exact::cos_pi(0.5), 0);
}

TEST(ExactMath, EndsOfTheRangeAreWhatTheHeaderSays) {
  EXPECT_EQ(exact::exp(-745.3), 0);
  EXPECT_EQ(exact::exp(-745.13), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(exact::exp(709.79), infinity);
  EXPECT_TRUE(std::isfinite(exact::exp(709.78)));
  EXPECT_EQ(exact::exp(infinity), infinity);
  EXPECT_EQ(exact::exp(-infinity), 0);
  EXPECT_EQ(exact::exp(0), 1);
  EXPECT_EQ(exact::log(0), -infinity);
  EXPECT_EQ(exact::log(1), 0);
  EXPECT_EQ(exact::log(infinity), infinity);
  EXPECT_TRUE(std::isnan(exact::log(-1)));
  EXPECT_EQ(exact::tanh(infinity), 1);
  EXPECT_EQ(exact::tanh(-infinity), -1);
  EXPECT_TRUE(std::signbit(exact::tanh(-0.0)));
  EXPECT_EQ(exact::logistic(infinity), 1);
  EXPECT_EQ(exact::logistic(-infinity), 0);
  EXPECT_EQ(exact::logistic(0), 0.5);
}

TEST(ExactMath, NanStaysNan) {
  for (double (*function)(double) :
       {exact::exp, exact::log, exact::tanh, exact::logistic, exact::sin_pi, exact::cos_pi}) {
    EXPECT_TRUE(std::isnan(function(not_a_number)));
  }
  EXPECT_TRUE(std::isnan(exact::sin_pi(infinity)));
}

TEST(ExactMath, PowerMultipliesBySquaring) {
  EXPECT_EQ(exact::power(0.9, 0), 1);
  EXPECT_EQ(exact::power(0.9, 1), 0.9);
  EXPECT_EQ(exact::power(2, 1023), 0x1p1023);
  EXPECT_EQ(exact::power(3, 5), 243);
  EXPECT_EQ(exact::power(0.999, 3), (0.999 * (0.999 * 0.999)));
  EXPECT_NEAR(exact::power(0.999, 100000), std::pow(0.999, 100000), 1e-55);
}

// What glibc cannot promise: these bits on every machine.
TEST(ExactMath, GoldenBits) {
  EXPECT_EQ(exact::exp(-3.7), 0x1.9511fc6871044p-6);
  EXPECT_EQ(exact::log(0.3), -0x1.34378fcbda721p+0);
  EXPECT_EQ(exact::sin_pi(0.3), 0x1.9e3779b97f4a8p-1);
  EXPECT_EQ(exact::cos_pi(0.3), 0x1.2cf2304755a5ep-1);
  EXPECT_EQ(exact::tanh(0.7), 0x1.356fb17af2e91p-1);
  EXPECT_EQ(exact::logistic(-2.5), 0x1.36b7112534848p-4);
}

}  // namespace
}  // namespace rondo
