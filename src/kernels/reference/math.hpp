// Plain twins of kernels/math: for float the same roundings in the same order, element by element,
// as the vector code in src/kernels/math/math-inl.hpp; for double the scalars of core/exact_math.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "kernels/math/math_constants.hpp"
#include "kernels/math/tree_fold.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo::kernels::reference {

// x = k ln 2 + r; `exponent` is k, shifted to the place of a float's exponent field, `fraction` is
// exp(r) - 1. For finite |x| < 2^20.
struct ReducedExponential {
  std::uint32_t exponent;
  float fraction;
};

RONDO_FUSED inline ReducedExponential reduce_exponential(float x) {
  const float shifted = std::fma(x, constants::log2_e, constants::round_shift);
  const float k = shifted - constants::round_shift;
  const float r = std::fma(-k, constants::ln2_low, std::fma(-k, constants::ln2_high, x));
  float p = constants::exp_p[5];
  for (int i = 4; i >= 0; --i) p = std::fma(p, r, constants::exp_p[i]);
  return {std::bit_cast<std::uint32_t>(shifted) << 23, std::fma(r * r, p, r)};
}

// 2^k for the exponent of a ReducedExponential.
inline float power_of_two(std::uint32_t exponent) {
  return std::bit_cast<float>(exponent + std::bit_cast<std::uint32_t>(1.0F));
}

RONDO_FUSED inline float exp(float x) {
  const auto [exponent, fraction] = reduce_exponential(x);
  const float p = 1 + fraction;  // in [0.7, 1.42]: the exponent can be added to its bits
  float y = std::bit_cast<float>(std::bit_cast<std::uint32_t>(p) + exponent);
  y = x > constants::exp_highest ? constants::infinity : y;
  y = x < constants::exp_lowest ? 0.0F : y;
  return std::isnan(x) ? x : y;
}

RONDO_FUSED inline float log(float x) {
  // Denormals are brought into the normal range first.
  const bool tiny = x < std::numeric_limits<float>::min();
  const float scaled = tiny ? x * 0x1p23F : x;
  const auto bits = std::bit_cast<std::uint32_t>(scaled);
  const std::int32_t steps = static_cast<std::int32_t>(bits - constants::root_half_bits) >> 23;
  const auto m = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(steps) << 23));
  const float k = static_cast<float>(steps) - (tiny ? 23.0F : 0.0F);
  const float f = m - 1;
  float p = constants::log_p[8];
  for (int i = 7; i >= 0; --i) p = std::fma(p, f, constants::log_p[i]);
  const float square = f * f;
  // k ln 2 + f with its rounding error, then everything small.
  const float large = k * constants::log_ln2_high;
  const float sum = large + f;
  const float lost = f - (sum - large);
  const float tail = std::fma(k, constants::log_ln2_low, std::fma(-0.5F, square, square * f * p));
  float y = sum + (lost + tail);
  y = x == constants::infinity ? x : y;
  y = x == 0 ? -constants::infinity : y;
  return x >= 0 ? y : std::numeric_limits<float>::quiet_NaN();
}

// exp(-|x|) / (1 + exp(-|x|)) for x < 0, else 1 / (1 + exp(-|x|)).
RONDO_FUSED inline float logistic(float x) {
  const float magnitude = std::fabs(x);
  const float a = magnitude > -constants::exp_lowest ? -constants::exp_lowest : magnitude;
  const auto [exponent, fraction] = reduce_exponential(-a);
  const float factor = power_of_two(exponent);
  const float e = std::fma(factor, fraction, factor);
  const float y = (x < 0 ? e : 1.0F) / (1 + e);
  return x < constants::exp_lowest ? 0.0F : y;
}

// -e / (2 + e) with e = exp(-2 |x|) - 1, and the sign of x.
RONDO_FUSED inline float tanh(float x) {
  const float magnitude = std::fabs(x);
  const float a = magnitude > constants::tanh_highest ? constants::tanh_highest : magnitude;
  const auto [exponent, fraction] = reduce_exponential(-2 * a);
  const float factor = power_of_two(exponent);
  const float e = std::fma(factor, fraction, factor - 1);
  return std::copysign(e / (2 + e), x);
}

inline double exp(double x) { return exact::exp(x); }
inline double log(double x) { return exact::log(x); }
inline double tanh(double x) { return exact::tanh(x); }
inline double logistic(double x) { return exact::logistic(x); }

template <class Real>
RONDO_FUSED void exp_all(std::span<const Real> x, std::span<Real> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = exp(x[i]);
}
template <class Real>
RONDO_FUSED void log_all(std::span<const Real> x, std::span<Real> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = log(x[i]);
}
template <class Real>
RONDO_FUSED void tanh_all(std::span<const Real> x, std::span<Real> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = tanh(x[i]);
}
template <class Real>
RONDO_FUSED void logistic_all(std::span<const Real> x, std::span<Real> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = logistic(x[i]);
}

template <class Real>
void flush_small(std::span<Real> values) {
  for (Real& value : values) value = flushed(value);
}

template <class Real>
void add(std::span<Real> into, std::span<const Real> from) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += from[i];
}

template <class Real>
void scale(std::span<Real> values, Real factor) {
  for (Real& value : values) value *= factor;
}

template <class Real>
void scale_within(std::span<Real> values, Real factor, Real bound) {
  for (Real& value : values) {
    value *= factor;
    value = value > bound ? bound : value;
    value = value < -bound ? -bound : value;
  }
}

// term(accumulator, value) gives an accumulator's next value.
template <class Real, class Term>
RONDO_FUSED double chunked_sum(std::span<const Real> values, Term term) {
  TreeFold<double> chunks;
  for (std::size_t begin = 0; begin < values.size(); begin += sum_chunk) {
    const std::span<const Real> chunk =
        values.subspan(begin, std::min(sum_chunk, values.size() - begin));
    double accumulators[sum_accumulators] = {};
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      double& accumulator = accumulators[i % sum_accumulators];
      accumulator = term(accumulator, static_cast<double>(chunk[i]));
    }
    chunks.push(join_accumulators(accumulators));
  }
  return chunks.total();
}

template <class Real>
RONDO_FUSED double sum_of_squares(std::span<const Real> values) {
  return chunked_sum(values, [](double sum, double x) { return std::fma(x, x, sum); });
}

inline double sum(std::span<const double> values) {
  return chunked_sum(values, [](double sum, double x) { return sum + x; });
}

}  // namespace rondo::kernels::reference
