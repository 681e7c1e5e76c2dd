// Optimizer updates over a contiguous range of parameters, in one pass.
//
// Each gradient is multiplied once by `factor` (ARITHMETIC: one rounded factor for scale and clip).
// Moments below the smallest normal number are selected to +0.
#pragma once

#include <cstdint>
#include <span>

namespace rondo::kernels {

// Adam (Kingma & Ba 2015) as torch.optim.Adam:
//   g = factor * gradient; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2
//   p -= step_size * m / (sqrt(v) * inverse_root_bias2 + epsilon)
// with step_size = rate / (1 - beta1^t) and inverse_root_bias2 = 1 / sqrt(1 - beta2^t), computed by
// the caller in double. In Real:
//   g = fma(weight_decay, p, factor * gradient)    L2, as torch.optim.Adam
//   m = fma(beta1, m, (1 - beta1) * g)
//   v = fma(beta2, v, ((1 - beta2) * g) * g)
//   p = fma(-step_size, m / fma(sqrt(v), inverse_root_bias2, epsilon), keep * p)
// `keep` is 1, or, for AdamW's decay that is none of the gradient's, 1 - rate * weight decay.
template <class Real>
struct AdamStep {
  Real factor, beta1, one_minus_beta1, beta2, one_minus_beta2;
  Real step_size, inverse_root_bias2, epsilon, weight_decay;
  Real keep = 1;
};
template <class Real>
void adam(const AdamStep<Real>& step, std::span<Real> parameters, std::span<const Real> gradients,
          std::span<Real> first_moments, std::span<Real> second_moments);

// LAMB's direction (You et al. 2020), from Adam's moments as above but without an L2 term, in place
// of the gradients; step_size is 1 / (1 - beta1^t), keep is not read:
//   u = fma(weight_decay, p, (step_size * m) / fma(sqrt(v), inverse_root_bias2, epsilon))
template <class Real>
void lamb_direction(const AdamStep<Real>& step, std::span<const Real> parameters,
                    std::span<Real> gradients, std::span<Real> first_moments,
                    std::span<Real> second_moments);

// SGD with momentum as torch.optim.SGD (dampening 0):
//   g = fma(weight_decay, p, factor * gradient); b = fma(momentum, b, g); p = fma(-rate, b, p)
// and with Nesterov's look ahead, p = fma(-rate, fma(momentum, b, g), p).
enum class SgdForm : std::uint8_t { plain, nesterov };
template <class Real>
struct SgdStep {
  Real factor, rate, momentum, weight_decay;
  SgdForm form = SgdForm::plain;
};
template <class Real>
void sgd(const SgdStep<Real>& step, std::span<Real> parameters, std::span<const Real> gradients,
         std::span<Real> momenta);

// Gradients over the root of what their squares add up to. As torch.optim.RMSprop (keep = alpha,
// fresh = 1 - alpha) and torch.optim.Adagrad (both 1):
//   g = fma(weight_decay, p, factor * gradient); v = fma(keep, v, (fresh * g) * g)
//   p = fma(-rate, g / (sqrt(v) + epsilon), p)
template <class Real>
struct RootScaledStep {
  Real factor, rate, keep, fresh, epsilon, weight_decay;
};
template <class Real>
void root_scaled(const RootScaledStep<Real>& step, std::span<Real> parameters,
                 std::span<const Real> gradients, std::span<Real> squares);

// Gradient descent without moments:
//   p = fma(-rate, fma(weight_decay, p, factor * gradient), p)
template <class Real>
struct DescentStep {
  Real factor, rate, weight_decay;
};
template <class Real>
void descend(const DescentStep<Real>& step, std::span<Real> parameters,
             std::span<const Real> gradients);

// The average of the weights: a = fma(weight, p - a, a).
template <class Real>
void average(Real weight, std::span<const Real> parameters, std::span<Real> averages);

// The table: one line an update, with a step of ordinary constants, for whoever proves, tests or
// counts them all. `second` holds no negative values.
template <class Real>
struct UpdateKernel {
  const char* name;
  void (*run)(std::span<Real> parameters, std::span<Real> gradients, std::span<Real> first,
              std::span<Real> second);
};
template <class Real>
inline constexpr AdamStep<Real> ordinary_moments{Real(0.5),   Real(0.9),   Real(0.1),
                                                 Real(0.999), Real(0.001), Real(0.01),
                                                 Real(1.5),   Real(1e-8),  Real(0.01)};
template <class Real>
inline constexpr SgdStep<Real> ordinary_momentum{Real(0.5), Real(0.1), Real(0.9), Real(0.01)};
template <class Real>
inline constexpr UpdateKernel<Real> update_kernels[] = {
    {"adam",
     [](auto p, auto g, auto m, auto v) { adam<Real>(ordinary_moments<Real>, p, g, m, v); }},
    {"sgd", [](auto p, auto g, auto m, auto) { sgd<Real>(ordinary_momentum<Real>, p, g, m); }},
    {"nesterov",
     [](auto p, auto g, auto m, auto) {
       SgdStep<Real> step = ordinary_momentum<Real>;
       step.form = SgdForm::nesterov;
       sgd<Real>(step, p, g, m);
     }},
    {"root_scaled",
     [](auto p, auto g, auto, auto v) {
       root_scaled<Real>({Real(0.5), Real(0.1), Real(0.9), Real(0.1), Real(1e-8), Real(0.01)}, p, g,
                         v);
     }},
    {"lamb_direction", [](auto p, auto g, auto m,
                          auto v) { lamb_direction<Real>(ordinary_moments<Real>, p, g, m, v); }},
    {"descend",
     [](auto p, auto g, auto, auto) {
       descend<Real>({Real(0.5), Real(0.1), Real(0.01)}, p, g);
     }},
    {"average", [](auto p, auto, auto m, auto) { average<Real>(Real(0.3), p, m); }},
};

}  // namespace rondo::kernels
