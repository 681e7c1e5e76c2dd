// LAMB's direction (kernels/updates/update.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/lamb.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/updates/moments-inl.hpp"
// clang-format on

#include <span>

#include "kernels/reference/updates/lamb.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

HWY_INLINE void lamb_vectors(const AdamStep<float>& step, std::size_t count,
                             const float* parameters, float* gradients, float* first,
                             float* second) {
  const Vector decay = hn::Set(tag, step.weight_decay), size = hn::Set(tag, step.step_size);
  with_moments(
      step, count, parameters, gradients, first, second, gradients,
      [](Vector, Vector scaled) HWY_ATTR { return scaled; },
      [=](Vector p, Vector m, Vector deviation)
          HWY_ATTR { return hn::MulAdd(decay, p, hn::Div(hn::Mul(size, m), deviation)); });
}

}  // namespace

void lamb_direction_vector(const AdamStep<float>& step, std::span<const float> parameters,
                           std::span<float> gradients, std::span<float> first_moments,
                           std::span<float> second_moments) {
  const std::size_t whole = parameters.size() / hn::Lanes(tag) * hn::Lanes(tag);
  float *const g = gradients.data(), *const m = first_moments.data();
  float* const v = second_moments.data();
  lamb_vectors(step, whole, parameters.data(), g, m, v);
  if (whole == parameters.size()) return;
  Tail tail(parameters.size() - whole);
  lamb_vectors(step, 1, tail.in<0>(parameters.data() + whole), tail.in<1>(g + whole),
               tail.in<2>(m + whole), tail.in<3>(v + whole));
  tail.out<1>(g + whole);
  tail.out<2>(m + whole);
  tail.out<3>(v + whole);
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(lamb_direction_vector);

template <>
void lamb_direction(const AdamStep<float>& step, std::span<const float> parameters,
                    std::span<float> gradients, std::span<float> first_moments,
                    std::span<float> second_moments) {
  RONDO_DISPATCH(lamb_direction_vector, reference::lamb_direction, step, parameters, gradients,
                 first_moments, second_moments);
}
template <>
void lamb_direction(const AdamStep<double>& step, std::span<const double> parameters,
                    std::span<double> gradients, std::span<double> first_moments,
                    std::span<double> second_moments) {
  reference::lamb_direction(step, parameters, gradients, first_moments, second_moments);
}

}  // namespace rondo::kernels
#endif
