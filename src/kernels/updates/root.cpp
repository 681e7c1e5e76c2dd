// The update by gradients over the root of their squares (kernels/updates/update.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/root.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <span>

#include "kernels/reference/updates/root.hpp"
#include "kernels/targets/dispatch.hpp"
#include "kernels/updates/update-inl.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

HWY_INLINE void root_vectors(const RootScaledStep<float>& step, std::size_t count,
                             float* parameters, const float* gradients, float* squares) {
  const Vector factor = hn::Set(tag, step.factor), decay = hn::Set(tag, step.weight_decay);
  const Vector keep = hn::Set(tag, step.keep), fresh = hn::Set(tag, step.fresh);
  const Vector rate = hn::Set(tag, step.rate), epsilon = hn::Set(tag, step.epsilon);
  for (std::size_t i = 0; i < count; i += hn::Lanes(tag)) {
    const Vector p = load(parameters + i);
    const Vector g = hn::MulAdd(decay, p, hn::Mul(factor, load(gradients + i)));
    const Vector v =
        normal_or_zero(hn::MulAdd(keep, load(squares + i), hn::Mul(hn::Mul(fresh, g), g)));
    store(v, squares + i);
    store(hn::NegMulAdd(rate, hn::Div(g, hn::Add(hn::Sqrt(v), epsilon)), p), parameters + i);
  }
}

}  // namespace

void root_scaled_vector(const RootScaledStep<float>& step, std::span<float> parameters,
                        std::span<const float> gradients, std::span<float> squares) {
  in_vectors(parameters, gradients, squares,
             [&](std::size_t count, float* p, const float* g, float* s)
                 HWY_ATTR { root_vectors(step, count, p, g, s); });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(root_scaled_vector);

template <>
void root_scaled(const RootScaledStep<float>& step, std::span<float> parameters,
                 std::span<const float> gradients, std::span<float> squares) {
  RONDO_DISPATCH(root_scaled_vector, reference::root_scaled, step, parameters, gradients, squares);
}
template <>
void root_scaled(const RootScaledStep<double>& step, std::span<double> parameters,
                 std::span<const double> gradients, std::span<double> squares) {
  reference::root_scaled(step, parameters, gradients, squares);
}

}  // namespace rondo::kernels
#endif
