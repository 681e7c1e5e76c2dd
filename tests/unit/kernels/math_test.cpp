#include "rondo/kernels/math/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "comparison.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo::kernels {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float smallest_normal = std::numeric_limits<float>::min();

struct Function {
  const char* name;
  void (*run)(std::span<const float>, std::span<float>);
  void (*run_double)(std::span<const double>, std::span<double>);
  long double (*truth)(long double);
  double ulps;  // the header's bound
};

const Function functions[] = {
    {"exp", exp<float>, exp<double>, [](long double x) { return std::exp(x); }, 1},
    {"log", log<float>, log<double>, [](long double x) { return std::log(x); }, 1},
    {"tanh", tanh<float>, tanh<double>, [](long double x) { return std::tanh(x); }, 2.5},
    {"logistic", logistic<float>, logistic<double>,
     [](long double x) { return 1 / (1 + std::exp(-x)); }, 2.5},
};

// Every `step`th bit pattern: both signs, all exponents, denormals, infinities and NaNs.
std::vector<float> patterns(std::uint64_t step) {
  std::vector<float> values;
  for (std::uint64_t bits = 0; bits < (1ULL << 32); bits += step) {
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  }
  for (const float x : {0.0F, -0.0F, infinity, -infinity, 1.0F, -1.0F}) values.push_back(x);
  return values;
}

// Distance in units in the last place of the true value.
double ulps(float value, long double truth) {
  int exponent = 0;
  std::frexp(truth, &exponent);
  return static_cast<double>(std::fabs(value - truth) / std::ldexp(1.0L, exponent - 24));
}

TEST(Math, EachTargetEqualsTheTwin) {
  const std::vector<float> x = patterns(257);
  for (const Function& function : functions) {
    std::vector<float> expected(x.size()), y(x.size());
    on_reference([&] { function.run(x, expected); });
    on_each_target([&] {
      function.run(x, y);
      expect_same_bits<float>(y, expected, function.name);
    });
  }
}

// Over all of its range, at its ends, and beyond: infinities, denormals, NaN.
TEST(Math, ExpOfDoublesHasTheScalarsBits) {
  std::vector<double> x = {0.0,
                           -0.0,
                           1e-310,
                           709.782712893384,
                           709.7827128933841,
                           709.79,
                           -708.4,
                           -745.1332,
                           -745.2,
                           -745.3,
                           1e300,
                           -1e300,
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()};
  for (int i = -15200; i <= 15200; ++i) x.push_back(i * 0.0493);
  for (const double value : normal_values<double>(2000, 8, 20)) x.push_back(value);
  std::vector<double> expected;
  for (const double value : x) expected.push_back(exact::exp(value));
  for (std::size_t count : {x.size(), std::size_t{0}, std::size_t{1}, std::size_t{13}}) {
    std::vector<double> y(x.size(), 7);
    on_each_target([&] {
      exp<double>(std::span(x).first(count), std::span(y).first(count));
      expect_same_bits<double>(std::span(y).first(count), std::span(expected).first(count), "exp");
    });
    if (count < x.size()) {
      EXPECT_EQ(y[count], 7);
    }
  }
}

TEST(Math, LogOfDoublesHasTheScalarsBits) {
  std::vector<double> x = {0.0,
                           -0.0,
                           1.0,
                           -1.0,
                           3.0,
                           std::numeric_limits<double>::min(),
                           std::numeric_limits<double>::denorm_min(),
                           0x1.8p-1060,
                           0x1.6a09e667f3bccp-1,  // and its neighbour: where the exponent changes
                           0x1.6a09e667f3bcdp-1,
                           std::numeric_limits<double>::max(),
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()};
  for (int i = -1070; i <= 1020; ++i) x.push_back(std::ldexp(1.37, i));
  for (const double value : normal_values<double>(4000, 9, 3)) x.push_back(1 + std::abs(value));
  for (const double value : normal_values<double>(2000, 10, 1)) x.push_back(value);
  std::vector<double> expected;
  for (const double value : x) expected.push_back(exact::log(value));
  for (std::size_t count : {x.size(), std::size_t{0}, std::size_t{1}, std::size_t{13}}) {
    std::vector<double> y(x.size(), 7);
    on_each_target([&] {
      log<double>(std::span(x).first(count), std::span(y).first(count));
      expect_same_bits<double>(std::span(y).first(count), std::span(expected).first(count), "log");
    });
    if (count < x.size()) {
      EXPECT_EQ(y[count], 7);
    }
  }
}

TEST(Math, OddLengthsAreComputedWholly) {
  for (const std::size_t count : {0U, 1U, 3U, 15U, 16U, 17U, 31U, 100U}) {
    const std::vector<float> x = normal_values<float>(count, 1);
    for (const Function& function : functions) {
      std::vector<float> expected(count), y(count + 1, 7.0F);
      on_reference([&] { function.run(x, expected); });
      expected.push_back(7);
      on_each_target([&] {
        function.run(x, std::span(y).first(count));
        expect_same_bits<float>(y, expected, function.name);
      });
    }
  }
}

TEST(Math, ErrorsStayBelowTheStatedBounds) {
  const std::vector<float> x = patterns(4099);
  std::vector<float> y(x.size());
  for (const Function& function : functions) {
    function.run(x, y);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!std::isfinite(x[i])) continue;
      const long double truth = function.truth(x[i]);
      if (!(std::fabs(truth) <= std::numeric_limits<float>::max())) continue;
      if (std::fabs(truth) < smallest_normal) continue;
      worst = std::max(worst, ulps(y[i], truth));
    }
    EXPECT_LT(worst, function.ulps) << function.name;
  }
}

// Results for single values.
float of(void (*function)(std::span<const float>, std::span<float>), float x) {
  float y = 0;
  function({&x, 1}, {&y, 1});
  return y;
}

TEST(Math, EndsOfTheRange) {
  EXPECT_EQ(of(exp<float>, 0), 1);
  EXPECT_EQ(of(exp<float>, -infinity), 0);
  EXPECT_EQ(of(exp<float>, infinity), infinity);
  EXPECT_EQ(of(exp<float>, 88.7229F), infinity);
  EXPECT_LT(of(exp<float>, 88.7228F), infinity);
  EXPECT_EQ(of(exp<float>, -87.3366F), 0);  // a denormal result is flushed
  EXPECT_GE(of(exp<float>, -87.3365F), smallest_normal);
  EXPECT_EQ(of(log<float>, 0), -infinity);
  EXPECT_EQ(of(log<float>, -0.0F), -infinity);
  EXPECT_EQ(of(log<float>, 1), 0);
  EXPECT_EQ(of(log<float>, infinity), infinity);
  EXPECT_TRUE(std::isnan(of(log<float>, -1)));
  EXPECT_TRUE(std::isnan(of(log<float>, -infinity)));
  EXPECT_NEAR(of(log<float>, std::numeric_limits<float>::denorm_min()), -103.27893, 1e-5);
  EXPECT_EQ(of(tanh<float>, infinity), 1);
  EXPECT_EQ(of(tanh<float>, -infinity), -1);
  EXPECT_EQ(of(tanh<float>, 1e-40F), 1e-40F);
  EXPECT_TRUE(std::signbit(of(tanh<float>, -0.0F)));
  EXPECT_EQ(of(logistic<float>, 0), 0.5F);
  EXPECT_EQ(of(logistic<float>, infinity), 1);
  EXPECT_EQ(of(logistic<float>, -infinity), 0);
  EXPECT_EQ(of(logistic<float>, -88), 0);
}

TEST(Math, NanStaysNan) {
  for (const Function& function : functions) {
    for (const std::uint32_t bits : {0x7fc00000U, 0xffc00000U, 0x7f800001U, 0x7fffffffU}) {
      EXPECT_TRUE(std::isnan(of(function.run, std::bit_cast<float>(bits)))) << function.name;
    }
  }
}

TEST(Math, DoubleIsAccurateToo) {
  const std::vector<double> x = normal_values<double>(1000, 2, 5);
  std::vector<double> y(x.size());
  for (const Function& function : functions) {
    function.run_double(x, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto truth = static_cast<double>(function.truth(x[i]));
      if (std::isnan(truth)) {
        EXPECT_TRUE(std::isnan(y[i]));
      } else {
        EXPECT_NEAR(y[i], truth, 1e-15 * std::fabs(truth)) << function.name << ' ' << x[i];
      }
    }
  }
}

template <class Real>
void expect_flushed() {
  const Real small = Real(0x1p-60);
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  std::vector<Real> values = {small,
                              -small,
                              std::nextafter(small, Real(0)),
                              -std::nextafter(small, Real(0)),
                              Real(-0.0),
                              std::numeric_limits<Real>::denorm_min(),
                              Real(3),
                              nan,
                              std::numeric_limits<Real>::infinity()};
  const std::vector<Real> expected = {
      small, -small, 0, 0, 0, 0, 3, nan, std::numeric_limits<Real>::infinity()};
  flush_small(std::span<Real>(values));
  expect_same_bits<Real>(values, expected, "flush_small");
}

TEST(Math, FlushSmallSelectsPositiveZeroAndKeepsNan) {
  on_each_target([] { expect_flushed<float>(); });
  on_reference([] { expect_flushed<float>(); });
  expect_flushed<double>();
}

template <class Real>
void expect_add_and_scale(std::size_t count) {
  std::vector<Real> into = normal_values<Real>(count, 3);
  const std::vector<Real> from = normal_values<Real>(count, 4);
  std::vector<Real> expected(count);
  const Real factor = Real(0.3);
  for (std::size_t i = 0; i < count; ++i) {
    const Real sum = into[i] + from[i];
    expected[i] = sum * factor;
  }
  add(std::span<Real>(into), std::span<const Real>(from));
  scale(std::span<Real>(into), factor);
  expect_same_bits<Real>(into, expected, "add and scale");
}

TEST(Math, AddAndScaleRoundOnceEach) {
  for (const std::size_t count : {0U, 1U, 7U, 16U, 33U, 1001U}) {
    on_each_target([&] { expect_add_and_scale<float>(count); });
    on_reference([&] { expect_add_and_scale<float>(count); });
    expect_add_and_scale<double>(count);
  }
}

template <class Real>
void expect_scaled_within(std::size_t count) {
  std::vector<Real> values = normal_values<Real>(count, 5);
  const Real factor = Real(0.3), bound = Real(0.2);
  const Real special[] = {std::numeric_limits<Real>::quiet_NaN(), Real(1e30), Real(-1e30),
                          -std::numeric_limits<Real>::infinity()};
  std::copy_n(special, std::min<std::size_t>(count, 4), values.begin());
  std::vector<Real> expected = values;
  for (Real& value : expected) {
    value *= factor;
    if (value > bound) value = bound;
    if (value < -bound) value = -bound;
  }
  scale_within(std::span<Real>(values), factor, bound);
  expect_same_bits<Real>(values, expected, "scale_within");
  if (count >= 4) {
    EXPECT_TRUE(std::isnan(values[0]));
    EXPECT_EQ(values[1], bound);
    EXPECT_EQ(values[3], -bound);
  }
}

TEST(Math, ScaleWithinSelectsTheBoundAndKeepsNan) {
  for (const std::size_t count : {0U, 1U, 4U, 16U, 33U, 1001U}) {
    on_each_target([&] { expect_scaled_within<float>(count); });
    on_reference([&] { expect_scaled_within<float>(count); });
    expect_scaled_within<double>(count);
  }
}

}  // namespace
}  // namespace rondo::kernels
