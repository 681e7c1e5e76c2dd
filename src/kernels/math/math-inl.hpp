// exp, log, tanh and the logistic function on vectors of float, for kernels to inline; those of
// gates also on pairs of vectors. Included once per vector target (hwy/foreach_target.h).
//
// Each function rounds what the scalar twin of the same name in src/kernels/reference/math.hpp
// rounds, in the same order; formulas and limits are explained there. Only operations that IEEE 754
// rounds correctly on every target occur. A NaN stays one.
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
#include <type_traits>

#include "kernels/math/math_constants.hpp"
#include "kernels/math/pair-inl.hpp"
#include "rondo/core/flushed.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace elementwise {
namespace hn = hwy::HWY_NAMESPACE;

// `value` in each place of a vector, or of a pair of them.
template <class V = Vector>
HWY_INLINE V all(float value) {
  if constexpr (std::is_same_v<V, Vector>) {
    return hn::Set(tag, value);
  } else {
    return {hn::Set(tag, value), hn::Set(tag, value)};
  }
}

// The polynomial with ascending coefficients, by Horner's rule.
template <class V, std::size_t Count>
HWY_INLINE V polynomial(const float (&coefficients)[Count], V x) {
  V value = all<V>(coefficients[Count - 1]);
  for (std::size_t i = Count - 1; i-- > 0;) value = MulAdd(value, x, all<V>(coefficients[i]));
  return value;
}

// Below 2^-60 in magnitude: +0. NaN stays.
template <class V>
HWY_INLINE V flushed(V x) {
  return IfThenZeroElse(Lt(Abs(x), all<V>(smallest_written)), x);
}

template <class V>
struct ReducedExponential {
  decltype(BitCast(integer_tag, V())) exponent;
  V fraction;
};

template <class V>
HWY_INLINE ReducedExponential<V> reduce_exponential(V x) {
  const V shifted = MulAdd(x, all<V>(constants::log2_e), all<V>(constants::round_shift));
  const V k = Sub(shifted, all<V>(constants::round_shift));
  const V r =
      NegMulAdd(k, all<V>(constants::ln2_low), NegMulAdd(k, all<V>(constants::ln2_high), x));
  const V p = polynomial(constants::exp_p, r);
  return {ShiftLeft<23>(BitCast(integer_tag, shifted)), MulAdd(Mul(r, r), p, r)};
}

template <class I, class V>
HWY_INLINE V times_power(V p, I exponent) {
  return BitCast(tag, Add(BitCast(integer_tag, p), exponent));
}

HWY_INLINE Vector exp(Vector x) {
  const ReducedExponential<Vector> reduced = reduce_exponential(x);
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

// -|x|, at least `limit`. NaN stays.
template <class V>
HWY_INLINE V negative_magnitude(V x, float limit) {
  const V least = all<V>(limit), negative = Or(x, all<V>(-0.0F));
#if HWY_ARCH_X86
  return Max(least, negative);  // its second operand where one is a NaN
#else
  return IfThenElse(Lt(negative, least), least, negative);  // a maximum may prefer the number
#endif
}

// The logistic function where it is a normal number, a smaller one below.
template <class V>
HWY_INLINE V unchecked_logistic(V x) {
  const ReducedExponential<V> reduced =
      reduce_exponential(negative_magnitude(x, constants::exp_lowest));
  const V factor = times_power(all<V>(1), reduced.exponent);
  const V e = MulAdd(factor, reduced.fraction, factor);
  return Div(IfNegativeThenElse(x, e, all<V>(1)), Add(all<V>(1), e));
}

template <class V>
HWY_INLINE V logistic(V x) {
  return IfThenZeroElse(Lt(x, all<V>(constants::exp_lowest)), unchecked_logistic(x));
}

// flushed(logistic(x)) in fewer operations: it has no sign, and what logistic selects to +0 is
// small.
template <class V>
HWY_INLINE V flushed_logistic(V x) {
  const V y = unchecked_logistic(x);
  return IfThenZeroElse(Lt(y, all<V>(smallest_written)), y);
}

template <class V>
HWY_INLINE V tanh(V x) {
  const V a = negative_magnitude(x, -constants::tanh_highest);
  const ReducedExponential<V> reduced = reduce_exponential(Add(a, a));
  const V factor = times_power(all<V>(1), reduced.exponent);
  const V e = MulAdd(factor, reduced.fraction, Sub(factor, all<V>(1)));
  return CopySign(Div(e, Add(all<V>(2), e)), x);
}

}  // namespace elementwise
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_MATH_INL
