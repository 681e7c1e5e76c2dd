// The updates without moments (kernels/updates/update.hpp): descent and averages.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/plain.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <span>

#include "kernels/reference/updates/plain.hpp"
#include "kernels/targets/dispatch.hpp"
#include "kernels/updates/update-inl.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

// into[i] = function(into[i], from[i]) for whole vectors, then for the tail as one.
template <class Function>
HWY_INLINE void in_pairs(std::span<float> into, std::span<const float> from,
                         const Function& function) {
  const std::size_t whole = into.size() / hn::Lanes(tag) * hn::Lanes(tag);
  for (std::size_t i = 0; i < whole; i += hn::Lanes(tag)) {
    store(function(load(into.data() + i), load(from.data() + i)), into.data() + i);
  }
  if (whole == into.size()) return;
  Tail tail(into.size() - whole);
  float* const last = tail.in<0>(into.data() + whole);
  store(function(load(last), load(tail.in<1>(from.data() + whole))), last);
  tail.out<0>(into.data() + whole);
}

}  // namespace

void descend_vector(const DescentStep<float>& step, std::span<float> parameters,
                    std::span<const float> gradients) {
  const Vector factor = hn::Set(tag, step.factor), decay = hn::Set(tag, step.weight_decay);
  const Vector rate = hn::Set(tag, step.rate);
  in_pairs(parameters, gradients, [=](Vector p, Vector gradient) HWY_ATTR {
    const Vector g = hn::MulAdd(decay, p, hn::Mul(factor, gradient));
    return hn::NegMulAdd(rate, g, p);
  });
}

void average_vector(float weight, std::span<const float> parameters, std::span<float> averages) {
  const Vector weights = hn::Set(tag, weight);
  in_pairs(averages, parameters, [weights](Vector a, Vector p) HWY_ATTR {
    return hn::MulAdd(weights, hn::Sub(p, a), a);
  });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(descend_vector);
HWY_EXPORT(average_vector);

template <>
void descend(const DescentStep<float>& step, std::span<float> parameters,
             std::span<const float> gradients) {
  RONDO_DISPATCH(descend_vector, reference::descend, step, parameters, gradients);
}
template <>
void descend(const DescentStep<double>& step, std::span<double> parameters,
             std::span<const double> gradients) {
  reference::descend(step, parameters, gradients);
}

template <>
void average(float weight, std::span<const float> parameters, std::span<float> averages) {
  RONDO_DISPATCH(average_vector, reference::average, weight, parameters, averages);
}
template <>
void average(double weight, std::span<const double> parameters, std::span<double> averages) {
  reference::average(weight, parameters, averages);
}

}  // namespace rondo::kernels
#endif
