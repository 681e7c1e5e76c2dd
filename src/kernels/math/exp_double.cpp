// exp of doubles in vectors: each rounds what core/exact_math's rounds, in the same order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/math/exp_double.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/math/doubles-inl.hpp"
// clang-format on

#include <array>
#include <cstddef>
#include <limits>
#include <span>

#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/math/math.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using namespace doubles;

// Of the series in core/exact_math.cpp: 1 / (n + 2)!.
constexpr std::array<double, 12> series = [] {
  std::array<double, 12> terms{};
  double product = 2;
  for (std::size_t n = 0; n < terms.size(); ++n) {
    terms[n] = 1 / product;
    product *= static_cast<double>(n + 3);
  }
  return terms;
}();

HWY_INLINE Vector power_of_two(Integer k) {
  return hn::BitCast(tag, hn::ShiftLeft<52>(hn::Add(k, hn::Set(integer_tag, 1023))));
}

HWY_INLINE Vector exp_of(Vector x) {
  const Vector shift = all(0x1.8p+52);
  const Vector shifted = hn::Add(hn::Mul(x, all(0x1.71547652b82fep+0)), shift);
  const Vector k = hn::Sub(shifted, shift);
  const Vector r =
      hn::NegMulAdd(k, all(0x1.a39ef35793c76p-33), hn::NegMulAdd(k, all(0x1.62e42feep-1), x));
  Vector sum = all(series[series.size() - 1]);
  for (std::size_t i = series.size() - 1; i-- > 0;) sum = hn::MulAdd(sum, r, all(series[i]));
  const Vector fraction = hn::MulAdd(hn::Mul(r, r), sum, r);
  const Integer exponent =
      hn::Sub(hn::BitCast(integer_tag, shifted), hn::BitCast(integer_tag, shift));
  // Halved towards zero.
  const Integer sign =
      hn::BitCast(integer_tag,
                  hn::ShiftRight<63>(hn::BitCast(hn::RebindToUnsigned<decltype(tag)>(), exponent)));
  const Integer half = hn::ShiftRight<1>(hn::Add(exponent, sign));
  Vector y = hn::Mul(hn::Mul(hn::Add(all(1), fraction), power_of_two(half)),
                     power_of_two(hn::Sub(exponent, half)));
  y = hn::IfThenElse(hn::Gt(x, all(0x1.62e42fefa39efp+9)),
                     all(std::numeric_limits<double>::infinity()), y);
  y = hn::IfThenZeroElse(hn::Lt(x, all(-745.2)), y);
  return hn::IfThenElse(hn::Eq(x, x), y, x);
}

}  // namespace

void exp_double(std::span<const double> x, std::span<double> y) {
  for_all(x, y, [](Vector of) HWY_ATTR { return exp_of(of); });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(exp_double);

template <>
void exp(std::span<const double> x, std::span<double> y) {
  RONDO_DISPATCH(exp_double, reference::exp_all, x, y);
}

}  // namespace rondo::kernels
#endif
