// Adam's moments, and what becomes of them: Adam's parameters, LAMB's direction.
// Included once per vector target (hwy/foreach_target.h).
#if defined(RONDO_KERNELS_MOMENTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_MOMENTS_INL
#undef RONDO_KERNELS_MOMENTS_INL
#else
#define RONDO_KERNELS_MOMENTS_INL
#endif

#include <cstddef>

#include "kernels/updates/update-inl.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace updates {

// Of `count` elements: gradient(p, scaled) is what the moments take in, result(p, m, deviation)
// goes to `out`.
template <class Gradient, class Result>
HWY_INLINE void with_moments(const AdamStep<float>& step, std::size_t count,
                             const float* parameters, const float* gradients, float* first,
                             float* second, float* out, const Gradient& gradient,
                             const Result& result) {
  const Vector factor = hn::Set(tag, step.factor);
  const Vector beta1 = hn::Set(tag, step.beta1), beta2 = hn::Set(tag, step.beta2);
  const Vector rest1 = hn::Set(tag, step.one_minus_beta1);
  const Vector rest2 = hn::Set(tag, step.one_minus_beta2);
  const Vector epsilon = hn::Set(tag, step.epsilon);
  const Vector inverse_root = hn::Set(tag, step.inverse_root_bias2);
  for (std::size_t i = 0; i < count; i += hn::Lanes(tag)) {
    const Vector p = load(parameters + i);
    const Vector g = gradient(p, hn::Mul(factor, load(gradients + i)));
    const Vector m = normal_or_zero(hn::MulAdd(beta1, load(first + i), hn::Mul(rest1, g)));
    const Vector v =
        normal_or_zero(hn::MulAdd(beta2, load(second + i), hn::Mul(hn::Mul(rest2, g), g)));
    const Vector deviation = hn::MulAdd(hn::Sqrt(v), inverse_root, epsilon);
    store(m, first + i);
    store(v, second + i);
    store(result(p, m, deviation), out + i);
  }
}

}  // namespace updates
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
