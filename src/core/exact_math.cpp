#include "rondo/core/exact_math.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

// Power series suffice: after argument reduction their remainders are below 2^-57, so no fitted
// coefficients are needed. Every a*b+c below is a std::fma or two separately rounded operations,
// as written.
namespace rondo::exact {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

constexpr double log2_e = 0x1.71547652b82fep+0;
// ln 2 in two parts; the high part ends in 21 zero bits, so that its product with an exponent is
// exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
// pi in two parts.
constexpr double pi_high = 0x1.921fb54442d18p+1;
constexpr double pi_low = 0x1.1a62633145c07p-53;

// Horner's rule, coefficients in ascending order.
template <std::size_t Count>
double polynomial(const std::array<double, Count>& coefficients, double x) {
  double value = coefficients[Count - 1];
  for (std::size_t i = Count - 1; i-- > 0;) value = std::fma(value, x, coefficients[i]);
  return value;
}

// 1/n!, exactly as the compiler rounds the quotient of two exact integers.
constexpr double inverse_factorial(int n) {
  double product = 1;
  for (int i = 2; i <= n; ++i) product *= i;
  return 1 / product;
}

// 2^k for -1022 <= k <= 1023.
double power_of_two(int k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

// x to the nearest integer (ties to even), for |x| < 2^51: adding 1.5 * 2^52 pushes the fraction
// out.
double nearest_integer(double x) {
  constexpr double shift = 0x1.8p+52;
  return (x + shift) - shift;
}

// x = exponent ln 2 + r with |r| <= ln 2 / 2, and fraction = exp(r) - 1.
struct ReducedExponential {
  int exponent;
  double fraction;
};

ReducedExponential reduce_exponential(double x) {
  // exp(r) - 1 = r + r^2 (1/2! + r/3! + ...); the first term left out is r^14 / 14! < 2^-57.
  static constexpr auto series = [] {
    std::array<double, 12> terms{};
    for (int n = 0; n < 12; ++n) terms[static_cast<std::size_t>(n)] = inverse_factorial(n + 2);
    return terms;
  }();
  const double k = nearest_integer(x * log2_e);
  const double r = std::fma(-k, ln2_low, std::fma(-k, ln2_high, x));
  return {static_cast<int>(k), std::fma(r * r, polynomial(series, r), r)};
}

// sin(pi r) and cos(pi r) for |r| <= 1/4. pi r is carried in two parts; the low one enters to first
// order. The terms left out are below 2^-58.
double sin_pi_reduced(double r) {
  static constexpr std::array<double, 7> series{
      -inverse_factorial(3),  inverse_factorial(5),  -inverse_factorial(7), inverse_factorial(9),
      -inverse_factorial(11), inverse_factorial(13), -inverse_factorial(15)};
  const double high = pi_high * r;
  const double low = std::fma(pi_low, r, std::fma(pi_high, r, -high));
  const double square = high * high;
  const double cosine = std::fma(-0.5, square, 1.0);
  return high + std::fma(high * square, polynomial(series, square), low * cosine);
}

double cos_pi_reduced(double r) {
  static constexpr std::array<double, 7> series{
      inverse_factorial(4),  -inverse_factorial(6),  inverse_factorial(8), -inverse_factorial(10),
      inverse_factorial(12), -inverse_factorial(14), inverse_factorial(16)};
  const double high = pi_high * r;
  const double low = std::fma(pi_low, r, std::fma(pi_high, r, -high));
  const double square = high * high;
  const double tail = std::fma(square * square, polynomial(series, square), -(high * low));
  // 1 - square / 2 with its rounding error put back.
  const double half = 0.5 * square;
  const double head = 1 - half;
  return head + (((1 - head) - half) + tail);
}

// x mod 2, split into quarter turns and the rest: |rest| <= 1/4. Exact for every finite x.
struct ReducedTurn {
  int quarter;
  double rest;
};

ReducedTurn reduce_turn(double x) {
  const double turn = std::fmod(x, 2.0);
  const double halves = nearest_integer(2 * turn);
  return {static_cast<int>(halves) & 3, std::fma(-0.5, halves, turn)};
}

}  // namespace

double exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 0x1.62e42fefa39efp+9) return infinity;
  if (x < -745.2) return 0;
  const auto [exponent, fraction] = reduce_exponential(x);
  // In two factors: 2^1024 and the denormal range are out of reach of one.
  const int half = exponent / 2;
  return ((1 + fraction) * power_of_two(half)) * power_of_two(exponent - half);
}

double log(double x) {
  if (std::isnan(x) || x == infinity) return x;
  if (x < 0) return not_a_number;
  if (x == 0) return -infinity;
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  // x = 2^exponent m with m in [sqrt(1/2), sqrt(2)).
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int steps = static_cast<int>(static_cast<std::int64_t>(bits - root_half) >> 52);
  const double m =
      std::bit_cast<double>(bits - static_cast<std::uint64_t>(static_cast<std::int64_t>(steps) *
                                                              (std::int64_t{1} << 52)));
  exponent += steps;
  // With f = m - 1 and s = f / (2 + f): log(1 + f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + R)),
  // R = 2 s^2/3 + 2 s^4/5 + ...; s^2 < 0.0295, the first term left out is below 2^-60.
  static constexpr std::array<double, 11> series{2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,
                                                 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17,
                                                 2.0 / 19, 2.0 / 21, 2.0 / 23};
  const double f = m - 1;
  const double s = f / (2 + f);
  const double square = s * s;
  const double half = 0.5 * f * f;
  const double k = exponent;
  const double tail = std::fma(s, std::fma(square, polynomial(series, square), half), k * ln2_low);
  return k * ln2_high - ((half - tail) - f);
}

double sin_pi(double x) {
  if (!std::isfinite(x)) return not_a_number;
  const auto [quarter, rest] = reduce_turn(x);
  const double value = quarter % 2 == 0 ? sin_pi_reduced(rest) : cos_pi_reduced(rest);
  return quarter < 2 ? value : -value;
}

double cos_pi(double x) {
  if (!std::isfinite(x)) return not_a_number;
  const auto [quarter, rest] = reduce_turn(x);
  const double value = quarter % 2 == 0 ? cos_pi_reduced(rest) : sin_pi_reduced(rest);
  return quarter == 0 || quarter == 3 ? value : -value;
}

double tanh(double x) {
  if (std::isnan(x)) return x;
  // tanh(a) = -e / (2 + e) with e = exp(-2a) - 1; from 20 on it rounds to 1.
  const double a = std::fabs(x);
  if (a > 20) return std::copysign(1.0, x);
  const auto [exponent, fraction] = reduce_exponential(-2 * a);
  const double factor = power_of_two(exponent);
  const double e = std::fma(factor, fraction, factor - 1);
  const double sum = 2 + e;
  const double quotient = -e / sum;
  // One step of correction by what e, the sum and the quotient have lost in rounding.
  const double e_lost = std::fma(factor, fraction, (factor - 1) - e);
  const double sum_lost = ((2 - sum) + e) + e_lost;
  const double rest = std::fma(-quotient, sum, -e) - std::fma(quotient, sum_lost, e_lost);
  return std::copysign(quotient + rest / sum, x);
}

double logistic(double x) {
  if (std::isnan(x)) return x;
  // Numerator and denominator are exp(-|x|) and 1 in the order that cannot overflow.
  const double e = exp(-std::fabs(x));
  const double above = x < 0 ? e : 1.0;
  const double sum = 1 + e;
  const double quotient = above / sum;
  // One step of correction by what the sum and the quotient have lost in rounding.
  const double sum_lost = (1 - sum) + e;
  const double rest = std::fma(-quotient, sum, above) - quotient * sum_lost;
  return quotient + rest / sum;
}

double power(double base, std::uint64_t exponent) {
  double result = 1;
  for (double square = base; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result *= square;
    if (exponent > 1) square *= square;
  }
  return result;
}

}  // namespace rondo::exact
