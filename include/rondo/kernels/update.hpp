// Optimizer updates over a contiguous range of parameters, in one pass.
//
// Each gradient is multiplied once by `factor` (ARITHMETIC: one rounded factor for scale and clip).
// Moments below the smallest normal number are selected to +0.
#pragma once

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
//   p = fma(-step_size, m / fma(sqrt(v), inverse_root_bias2, epsilon), p)
template <class Real>
struct AdamStep {
  Real factor, beta1, one_minus_beta1, beta2, one_minus_beta2;
  Real step_size, inverse_root_bias2, epsilon, weight_decay;
};
template <class Real>
void adam(const AdamStep<Real>& step, std::span<Real> parameters, std::span<const Real> gradients,
          std::span<Real> first_moments, std::span<Real> second_moments);

// SGD with momentum as torch.optim.SGD (dampening 0, not Nesterov):
//   g = fma(weight_decay, p, factor * gradient); b = fma(momentum, b, g); p = fma(-rate, b, p)
template <class Real>
struct SgdStep {
  Real factor, rate, momentum, weight_decay;
};
template <class Real>
void sgd(const SgdStep<Real>& step, std::span<Real> parameters, std::span<const Real> gradients,
         std::span<Real> momenta);

}  // namespace rondo::kernels
