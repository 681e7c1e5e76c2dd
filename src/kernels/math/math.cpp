// The elementwise kernels of kernels/math/math.hpp; its sums are in sums.cpp, exp and log of
// doubles in exp_double.cpp and log_double.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/math/math.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/math/math-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <span>

#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/math/math.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using elementwise::tag;
using elementwise::Vector;

// y[i] = function(x[i], y[i]) for i < count; a tail passes through a padded buffer, so that it goes
// through the same instructions.
template <class Function>
HWY_INLINE void for_each(const float* x, float* y, std::size_t count, Function function) {
  const std::size_t step = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + step <= count; i += step) {
    hn::StoreU(function(hn::LoadU(tag, x + i), hn::LoadU(tag, y + i)), tag, y + i);
  }
  if (i == count) return;
  float x_tail[hn::MaxLanes(tag)] = {};
  float y_tail[hn::MaxLanes(tag)] = {};
  std::copy(x + i, x + count, x_tail);
  std::copy(y + i, y + count, y_tail);
  hn::StoreU(function(hn::LoadU(tag, x_tail), hn::LoadU(tag, y_tail)), tag, y_tail);
  std::copy_n(y_tail, count - i, y + i);
}

}  // namespace

void exp_vector(std::span<const float> x, std::span<float> y) {
  for_each(x.data(), y.data(), x.size(),
           [](Vector value, Vector) HWY_ATTR { return elementwise::exp(value); });
}

void log_vector(std::span<const float> x, std::span<float> y) {
  for_each(x.data(), y.data(), x.size(),
           [](Vector value, Vector) HWY_ATTR { return elementwise::log(value); });
}

void tanh_vector(std::span<const float> x, std::span<float> y) {
  for_each(x.data(), y.data(), x.size(),
           [](Vector value, Vector) HWY_ATTR { return elementwise::tanh(value); });
}

void logistic_vector(std::span<const float> x, std::span<float> y) {
  for_each(x.data(), y.data(), x.size(),
           [](Vector value, Vector) HWY_ATTR { return elementwise::logistic(value); });
}

void flush_small_vector(std::span<float> values) {
  for_each(values.data(), values.data(), values.size(),
           [](Vector value, Vector) HWY_ATTR { return elementwise::flushed(value); });
}

void add_vector(std::span<float> into, std::span<const float> from) {
  for_each(from.data(), into.data(), into.size(),
           [](Vector addend, Vector sum) HWY_ATTR { return hn::Add(sum, addend); });
}

void scale_vector(std::span<float> values, float factor) {
  const Vector factors = elementwise::all(factor);
  for_each(values.data(), values.data(), values.size(),
           [factors](Vector value, Vector) HWY_ATTR { return hn::Mul(value, factors); });
}

void scale_within_vector(std::span<float> values, float factor, float bound) {
  const Vector factors = elementwise::all(factor);
  const Vector high = elementwise::all(bound), low = elementwise::all(-bound);
  for_each(values.data(), values.data(), values.size(),
           [factors, high, low](Vector value, Vector) HWY_ATTR {
             const Vector scaled = hn::Mul(value, factors);
             const Vector below = hn::IfThenElse(hn::Gt(scaled, high), high, scaled);
             return hn::IfThenElse(hn::Lt(below, low), low, below);
           });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(exp_vector);
HWY_EXPORT(log_vector);
HWY_EXPORT(tanh_vector);
HWY_EXPORT(logistic_vector);
HWY_EXPORT(flush_small_vector);
HWY_EXPORT(add_vector);
HWY_EXPORT(scale_vector);
HWY_EXPORT(scale_within_vector);

template <>
void exp(std::span<const float> x, std::span<float> y) {
  RONDO_DISPATCH(exp_vector, reference::exp_all, x, y);
}

template <>
void log(std::span<const float> x, std::span<float> y) {
  RONDO_DISPATCH(log_vector, reference::log_all, x, y);
}

template <>
void tanh(std::span<const float> x, std::span<float> y) {
  RONDO_DISPATCH(tanh_vector, reference::tanh_all, x, y);
}
template <>
void tanh(std::span<const double> x, std::span<double> y) {
  reference::tanh_all(x, y);
}

template <>
void logistic(std::span<const float> x, std::span<float> y) {
  RONDO_DISPATCH(logistic_vector, reference::logistic_all, x, y);
}
template <>
void logistic(std::span<const double> x, std::span<double> y) {
  reference::logistic_all(x, y);
}

template <>
void flush_small(std::span<float> values) {
  RONDO_DISPATCH(flush_small_vector, reference::flush_small, values);
}
template <>
void flush_small(std::span<double> values) {
  reference::flush_small(values);
}

template <>
void add(std::span<float> into, std::span<const float> from) {
  RONDO_DISPATCH(add_vector, reference::add, into, from);
}
template <>
void add(std::span<double> into, std::span<const double> from) {
  reference::add(into, from);
}

template <>
void scale(std::span<float> values, float factor) {
  RONDO_DISPATCH(scale_vector, reference::scale, values, factor);
}
template <>
void scale(std::span<double> values, double factor) {
  reference::scale(values, factor);
}

template <>
void scale_within(std::span<float> values, float factor, float bound) {
  RONDO_DISPATCH(scale_within_vector, reference::scale_within, values, factor, bound);
}
template <>
void scale_within(std::span<double> values, double factor, double bound) {
  reference::scale_within(values, factor, bound);
}

}  // namespace rondo::kernels
#endif
