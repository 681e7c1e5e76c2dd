// Adam's update (kernels/updates/update.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/adam.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/updates/moments-inl.hpp"
// clang-format on

#include <span>

#include "kernels/reference/updates/adam.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

HWY_INLINE void adam_vectors(const AdamStep<float>& step, std::size_t count, float* parameters,
                             const float* gradients, float* first, float* second) {
  const Vector decay = hn::Set(tag, step.weight_decay), keep = hn::Set(tag, step.keep);
  const Vector size = hn::Set(tag, step.step_size);
  with_moments(
      step, count, parameters, gradients, first, second, parameters,
      [=](Vector p, Vector scaled) HWY_ATTR { return hn::MulAdd(decay, p, scaled); },
      [=](Vector p, Vector m, Vector deviation)
          HWY_ATTR { return hn::NegMulAdd(size, hn::Div(m, deviation), hn::Mul(keep, p)); });
}

}  // namespace

void adam_vector(const AdamStep<float>& step, std::span<float> parameters,
                 std::span<const float> gradients, std::span<float> first_moments,
                 std::span<float> second_moments) {
  const std::size_t whole = parameters.size() / hn::Lanes(tag) * hn::Lanes(tag);
  float *const p = parameters.data(), *const m = first_moments.data();
  float* const v = second_moments.data();
  adam_vectors(step, whole, p, gradients.data(), m, v);
  if (whole == parameters.size()) return;
  Tail tail(parameters.size() - whole);
  adam_vectors(step, 1, tail.in<0>(p + whole), tail.in<1>(gradients.data() + whole),
               tail.in<2>(m + whole), tail.in<3>(v + whole));
  tail.out<0>(p + whole);
  tail.out<2>(m + whole);
  tail.out<3>(v + whole);
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(adam_vector);

template <>
void adam(const AdamStep<float>& step, std::span<float> parameters,
          std::span<const float> gradients, std::span<float> first_moments,
          std::span<float> second_moments) {
  RONDO_DISPATCH(adam_vector, reference::adam, step, parameters, gradients, first_moments,
                 second_moments);
}
template <>
void adam(const AdamStep<double>& step, std::span<double> parameters,
          std::span<const double> gradients, std::span<double> first_moments,
          std::span<double> second_moments) {
  reference::adam(step, parameters, gradients, first_moments, second_moments);
}

}  // namespace rondo::kernels
#endif
