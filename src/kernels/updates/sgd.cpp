// Descent with momentum, plain and Nesterov's (kernels/updates/update.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/sgd.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/updates/update-inl.hpp"
// clang-format on

#include <span>

#include "kernels/reference/updates/sgd.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

template <SgdForm Form>
HWY_INLINE void sgd_vectors(const SgdStep<float>& step, std::size_t count, float* parameters,
                            const float* gradients, float* momenta) {
  const Vector factor = hn::Set(tag, step.factor), decay = hn::Set(tag, step.weight_decay);
  const Vector momentum = hn::Set(tag, step.momentum), rate = hn::Set(tag, step.rate);
  for (std::size_t i = 0; i < count; i += hn::Lanes(tag)) {
    const Vector p = load(parameters + i);
    const Vector g = hn::MulAdd(decay, p, hn::Mul(factor, load(gradients + i)));
    const Vector b = normal_or_zero(hn::MulAdd(momentum, load(momenta + i), g));
    store(b, momenta + i);
    const Vector along = Form == SgdForm::nesterov ? hn::MulAdd(momentum, b, g) : b;
    store(hn::NegMulAdd(rate, along, p), parameters + i);
  }
}

}  // namespace

void sgd_vector(const SgdStep<float>& step, std::span<float> parameters,
                std::span<const float> gradients, std::span<float> momenta) {
  in_vectors(parameters, gradients, momenta,
             [&](std::size_t count, float* p, const float* g, float* b) HWY_ATTR {
               if (step.form == SgdForm::nesterov) {
                 sgd_vectors<SgdForm::nesterov>(step, count, p, g, b);
               } else {
                 sgd_vectors<SgdForm::plain>(step, count, p, g, b);
               }
             });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(sgd_vector);

template <>
void sgd(const SgdStep<float>& step, std::span<float> parameters, std::span<const float> gradients,
         std::span<float> momenta) {
  RONDO_DISPATCH(sgd_vector, reference::sgd, step, parameters, gradients, momenta);
}
template <>
void sgd(const SgdStep<double>& step, std::span<double> parameters,
         std::span<const double> gradients, std::span<double> momenta) {
  reference::sgd(step, parameters, gradients, momenta);
}

}  // namespace rondo::kernels
#endif
