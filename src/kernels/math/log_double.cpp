// log of doubles in vectors: each rounds what core/exact_math's rounds, in the same order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/math/log_double.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/math/doubles-inl.hpp"
// clang-format on

#include <array>
#include <cstddef>
#include <cstdint>
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

// Of the series in core/exact_math.cpp: 2 / (2 n + 3).
constexpr std::array<double, 11> series = [] {
  std::array<double, 11> terms{};
  for (std::size_t n = 0; n < terms.size(); ++n) terms[n] = 2.0 / static_cast<double>(2 * n + 3);
  return terms;
}();

HWY_INLINE Vector log_of(Vector x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto tiny = hn::Lt(x, all(std::numeric_limits<double>::min()));
  const Vector scaled = hn::IfThenElse(tiny, hn::Mul(x, all(0x1p54)), x);
  const Integer bits = hn::BitCast(integer_tag, scaled);
  const Integer steps =
      hn::ShiftRight<52>(hn::Sub(bits, hn::Set(integer_tag, std::int64_t{0x3fe6a09e667f3bcd})));
  const Vector m = hn::BitCast(tag, hn::Sub(bits, hn::ShiftLeft<52>(steps)));
  // A small integer as a double: it is added to the last places of one whose unit they are.
  const Vector shift = all(0x1.8p+52);
  const Vector number =
      hn::Sub(hn::BitCast(tag, hn::Add(steps, hn::BitCast(integer_tag, shift))), shift);
  const Vector k = hn::Sub(number, hn::IfThenElseZero(tiny, all(54)));
  const Vector f = hn::Sub(m, all(1));
  const Vector s = hn::Div(f, hn::Add(all(2), f));
  const Vector square = hn::Mul(s, s);
  const Vector half = hn::Mul(hn::Mul(all(0.5), f), f);
  Vector sum = all(series[series.size() - 1]);
  for (std::size_t i = series.size() - 1; i-- > 0;) sum = hn::MulAdd(sum, square, all(series[i]));
  const Vector tail =
      hn::MulAdd(s, hn::MulAdd(square, sum, half), hn::Mul(k, all(0x1.a39ef35793c76p-33)));
  Vector y = hn::Sub(hn::Mul(k, all(0x1.62e42feep-1)), hn::Sub(hn::Sub(half, tail), f));
  y = hn::IfThenElse(hn::Eq(x, all(infinity)), x, y);
  y = hn::IfThenElse(hn::Eq(x, hn::Zero(tag)), all(-infinity), y);
  y = hn::IfThenElse(hn::Lt(x, hn::Zero(tag)), all(std::numeric_limits<double>::quiet_NaN()), y);
  return hn::IfThenElse(hn::Eq(x, x), y, x);
}

}  // namespace

void log_double(std::span<const double> x, std::span<double> y) {
  for_all(x, y, [](Vector of) HWY_ATTR { return log_of(of); });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(log_double);

template <>
void log(std::span<const double> x, std::span<double> y) {
  RONDO_DISPATCH(log_double, reference::log_all, x, y);
}

}  // namespace rondo::kernels
#endif
