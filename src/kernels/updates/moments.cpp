// Optimizer updates (kernels/updates/update.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/updates/moments.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <span>

#include "kernels/reference/update.hpp"
#include "kernels/targets/dispatch.hpp"
#include "kernels/updates/update-inl.hpp"
#include "rondo/kernels/updates/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

enum class AdamForm : std::uint8_t { adam, lamb };

// The moments, and from them Adam's parameters or LAMB's direction.
template <AdamForm Form>
HWY_INLINE void adam_vectors(const AdamStep<float>& step, std::size_t count,
                             const float* parameters, const float* gradients, float* first,
                             float* second, float* out) {
  constexpr bool lamb = Form == AdamForm::lamb;
  const Vector factor = hn::Set(tag, step.factor), decay = hn::Set(tag, step.weight_decay);
  const Vector beta1 = hn::Set(tag, step.beta1), beta2 = hn::Set(tag, step.beta2);
  const Vector rest1 = hn::Set(tag, step.one_minus_beta1);
  const Vector rest2 = hn::Set(tag, step.one_minus_beta2);
  const Vector size = hn::Set(tag, step.step_size), epsilon = hn::Set(tag, step.epsilon);
  const Vector inverse_root = hn::Set(tag, step.inverse_root_bias2);
  const Vector keep = hn::Set(tag, step.keep);
  for (std::size_t i = 0; i < count; i += hn::Lanes(tag)) {
    const Vector p = load(parameters + i);
    const Vector scaled = hn::Mul(factor, load(gradients + i));
    const Vector g = lamb ? scaled : hn::MulAdd(decay, p, scaled);
    const Vector m = normal_or_zero(hn::MulAdd(beta1, load(first + i), hn::Mul(rest1, g)));
    const Vector v =
        normal_or_zero(hn::MulAdd(beta2, load(second + i), hn::Mul(hn::Mul(rest2, g), g)));
    const Vector deviation = hn::MulAdd(hn::Sqrt(v), inverse_root, epsilon);
    store(m, first + i);
    store(v, second + i);
    store(lamb ? hn::MulAdd(decay, p, hn::Div(hn::Mul(size, m), deviation))
               : hn::NegMulAdd(size, hn::Div(m, deviation), hn::Mul(keep, p)),
          out + i);
  }
}

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

void adam_vector(const AdamStep<float>& step, std::span<float> parameters,
                 std::span<const float> gradients, std::span<float> first_moments,
                 std::span<float> second_moments) {
  const std::size_t whole = parameters.size() / hn::Lanes(tag) * hn::Lanes(tag);
  float *const p = parameters.data(), *const m = first_moments.data();
  float* const v = second_moments.data();
  adam_vectors<AdamForm::adam>(step, whole, p, gradients.data(), m, v, p);
  if (whole == parameters.size()) return;
  Tail tail(parameters.size() - whole);
  float* const last = tail.in<0>(p + whole);
  adam_vectors<AdamForm::adam>(step, 1, last, tail.in<1>(gradients.data() + whole),
                               tail.in<2>(m + whole), tail.in<3>(v + whole), last);
  tail.out<0>(p + whole);
  tail.out<2>(m + whole);
  tail.out<3>(v + whole);
}

void lamb_direction_vector(const AdamStep<float>& step, std::span<const float> parameters,
                           std::span<float> gradients, std::span<float> first_moments,
                           std::span<float> second_moments) {
  const std::size_t whole = parameters.size() / hn::Lanes(tag) * hn::Lanes(tag);
  float *const g = gradients.data(), *const m = first_moments.data();
  float* const v = second_moments.data();
  adam_vectors<AdamForm::lamb>(step, whole, parameters.data(), g, m, v, g);
  if (whole == parameters.size()) return;
  Tail tail(parameters.size() - whole);
  float* const last = tail.in<1>(g + whole);
  adam_vectors<AdamForm::lamb>(step, 1, tail.in<0>(parameters.data() + whole), last,
                               tail.in<2>(m + whole), tail.in<3>(v + whole), last);
  tail.out<1>(g + whole);
  tail.out<2>(m + whole);
  tail.out<3>(v + whole);
}

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

HWY_EXPORT(adam_vector);
HWY_EXPORT(lamb_direction_vector);
HWY_EXPORT(sgd_vector);

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
