// exp, log, tanh and the logistic function on vectors of float, for kernels to inline. Included
// once per vector target (hwy/foreach_target.h).
//
// Each function is, operation by operation, the scalar twin of the same name in
// src/kernels/reference/math.hpp, where formulas and limits are explained; only operations that
// IEEE 754 rounds correctly on every target occur. A NaN stays one.
#if defined(RONDO_KERNELS_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_MATH_INL
#undef RONDO_KERNELS_MATH_INL
#else
#define RONDO_KERNELS_MATH_INL
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/math_constants.hpp"
#include "rondo/core/flushed.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace elementwise {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using IntegerTag = hn::RebindToSigned<Tag>;
using Vector = hn::Vec<Tag>;
using Integer = hn::Vec<IntegerTag>;

inline constexpr Tag tag{};
inline constexpr IntegerTag integer_tag{};

HWY_INLINE Vector all(float value) { return hn::Set(tag, value); }
HWY_INLINE Vector negative(Vector x) { return hn::Xor(x, all(-0.0F)); }

// The polynomial with ascending coefficients, by Horner's rule.
template <std::size_t Count>
HWY_INLINE Vector polynomial(const float (&coefficients)[Count], Vector x) {
  Vector value = all(coefficients[Count - 1]);
  for (std::size_t i = Count - 1; i-- > 0;) value = hn::MulAdd(value, x, all(coefficients[i]));
  return value;
}

// Below 2^-60 in magnitude: +0. NaN stays.
HWY_INLINE Vector flushed(Vector x) {
  return hn::IfThenZeroElse(hn::Lt(hn::Abs(x), all(smallest_written)), x);
}

struct ReducedExponential {
  Integer exponent;
  Vector fraction;
};

HWY_INLINE ReducedExponential reduce_exponential(Vector x) {
  const Vector shifted = hn::MulAdd(x, all(constants::log2_e), all(constants::round_shift));
  const Vector k = hn::Sub(shifted, all(constants::round_shift));
  const Vector r =
      hn::NegMulAdd(k, all(constants::ln2_low), hn::NegMulAdd(k, all(constants::ln2_high), x));
  const Vector p = polynomial(constants::exp_p, r);
  return {hn::ShiftLeft<23>(hn::BitCast(integer_tag, shifted)), hn::MulAdd(hn::Mul(r, r), p, r)};
}

HWY_INLINE Vector times_power(Vector p, Integer exponent) {
  return hn::BitCast(tag, hn::Add(hn::BitCast(integer_tag, p), exponent));
}

HWY_INLINE Vector exp(Vector x) {
  const ReducedExponential reduced = reduce_exponential(x);
  Vector y = times_power(hn::Add(all(1), reduced.fraction), reduced.exponent);
  y = hn::IfThenElse(hn::Gt(x, all(constants::exp_highest)), all(constants::infinity), y);
  y = hn::IfThenZeroElse(hn::Lt(x, all(constants::exp_lowest)), y);
  return hn::IfThenElse(hn::Eq(x, x), y, x);  // Highway's Ne is false for a NaN on AVX2
}

HWY_INLINE Vector log(Vector x) {
  const auto tiny = hn::Lt(x, all(std::numeric_limits<float>::min()));
  const Vector scaled = hn::IfThenElse(tiny, hn::Mul(x, all(0x1p23F)), x);
  const Integer bits = hn::BitCast(integer_tag, scaled);
  const Integer steps =
      hn::ShiftRight<23>(hn::Sub(bits, hn::Set(integer_tag, int{constants::root_half_bits})));
  const Vector m = hn::BitCast(tag, hn::Sub(bits, hn::ShiftLeft<23>(steps)));
  const Vector k = hn::Sub(hn::ConvertTo(tag, steps), hn::IfThenElseZero(tiny, all(23)));
  const Vector f = hn::Sub(m, all(1));
  const Vector p = polynomial(constants::log_p, f);
  const Vector square = hn::Mul(f, f);
  const Vector large = hn::Mul(k, all(constants::log_ln2_high));
  const Vector sum = hn::Add(large, f);
  const Vector lost = hn::Sub(f, hn::Sub(sum, large));
  const Vector rest = hn::NegMulAdd(all(0.5F), square, hn::Mul(hn::Mul(square, f), p));
  const Vector tail = hn::MulAdd(k, all(constants::log_ln2_low), rest);
  Vector y = hn::Add(sum, hn::Add(lost, tail));
  y = hn::IfThenElse(hn::Eq(x, all(constants::infinity)), x, y);
  y = hn::IfThenElse(hn::Eq(x, hn::Zero(tag)), all(-constants::infinity), y);
  return hn::IfThenElse(hn::Ge(x, hn::Zero(tag)), y, all(std::numeric_limits<float>::quiet_NaN()));
}

// |x|, at most `limit`. NaN stays.
HWY_INLINE Vector clamped_magnitude(Vector x, Vector limit) {
  const Vector magnitude = hn::Abs(x);
  return hn::IfThenElse(hn::Gt(magnitude, limit), limit, magnitude);
}

HWY_INLINE Vector logistic(Vector x) {
  const Vector a = clamped_magnitude(x, all(-constants::exp_lowest));
  const ReducedExponential reduced = reduce_exponential(negative(a));
  const Vector factor = times_power(all(1), reduced.exponent);
  const Vector e = hn::MulAdd(factor, reduced.fraction, factor);
  const Vector above = hn::IfThenElse(hn::Lt(x, hn::Zero(tag)), e, all(1));
  const Vector y = hn::Div(above, hn::Add(all(1), e));
  return hn::IfThenZeroElse(hn::Lt(x, all(constants::exp_lowest)), y);
}

HWY_INLINE Vector tanh(Vector x) {
  const Vector a = clamped_magnitude(x, all(constants::tanh_highest));
  const ReducedExponential reduced = reduce_exponential(hn::Mul(all(-2), a));
  const Vector factor = times_power(all(1), reduced.exponent);
  const Vector e = hn::MulAdd(factor, reduced.fraction, hn::Sub(factor, all(1)));
  return hn::CopySign(hn::Div(e, hn::Add(all(2), e)), x);
}

}  // namespace elementwise
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_MATH_INL
