// kernels/math over all 2^32 floats: the best vector target of this machine against the reference
// twins, bit for bit, and against the C library's double functions, whose own error is below
// 2^-28 of a float's unit in the last place. Prints the largest error of each function.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

constexpr double smallest_normal = std::numeric_limits<float>::min();

struct Function {
  const char* name;
  void (*run)(std::span<const float>, std::span<float>);
  double (*truth)(double);
  double ulps;   // bound for results that are normal numbers
  bool flushes;  // results that are not may be +0; else they obey the bound too
};

void PrintTo(const Function& function, std::ostream* out) { *out << function.name; }

class Exhaustive : public testing::TestWithParam<Function> {};

// In units in the last place of the true value; 0 where both overflow or the result was flushed.
double error(float value, double truth, bool flushes) {
  if (static_cast<float>(truth) == value) return 0;
  const double magnitude = std::fabs(truth);
  if (flushes && magnitude < smallest_normal && value == 0) return 0;
  const int exponent = std::max(std::ilogb(magnitude), -126);
  return std::fabs(value - truth) / std::ldexp(1.0, exponent - 23);
}

TEST_P(Exhaustive, EveryFloatIsTheTwinsAndWithinTheBound) {
  const Function& function = GetParam();
  constexpr std::size_t part = 1 << 16;
  std::vector<float> x(part), fast(part), twin(part);
  double worst = 0;
  float worst_at = 0;
  for (std::uint64_t begin = 0; begin < (1ULL << 32); begin += part) {
    for (std::size_t i = 0; i < part; ++i) {
      x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(begin + i));
    }
    select_target("auto");
    function.run(x, fast);
    select_target("reference");
    function.run(x, twin);
    for (std::size_t i = 0; i < part; ++i) {
      const double truth = function.truth(x[i]);
      if (std::isnan(truth)) {
        ASSERT_TRUE(std::isnan(fast[i]) && std::isnan(twin[i])) << x[i];
        continue;
      }
      ASSERT_EQ(std::bit_cast<std::uint32_t>(fast[i]), std::bit_cast<std::uint32_t>(twin[i]))
          << function.name << " of " << x[i];
      const double ulps = error(fast[i], truth, function.flushes);
      if (ulps <= worst) continue;
      worst = ulps;
      worst_at = x[i];
    }
  }
  std::printf("%s: largest error %.4f ulp, at %a\n", function.name, worst, worst_at);
  EXPECT_LT(worst, function.ulps);
}

INSTANTIATE_TEST_SUITE_P(
    Math, Exhaustive,
    testing::Values(Function{"exp", exp<float>, [](double x) { return std::exp(x); }, 1, true},
                    Function{"log", log<float>, [](double x) { return std::log(x); }, 1, false},
                    Function{"tanh", tanh<float>, [](double x) { return std::tanh(x); }, 2.5,
                             false},
                    Function{"logistic", logistic<float>,
                             [](double x) { return 1 / (1 + std::exp(-x)); }, 2.5, true}),
    [](const testing::TestParamInfo<Function>& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rondo::kernels
