// What Adam, AdamW and LAMB share: the constants of a step of the moments.
#pragma once

#include <cmath>
#include <cstdint>

#include "rondo/core/exact_math.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/settings.hpp"

namespace rondo::optimizers {

struct AdamConstants {
  explicit AdamConstants(const OptimizationSettings& settings)
      : beta1(settings.beta1), beta2(settings.beta2), epsilon(settings.epsilon) {}

  // Of update t, from 1, without decay: in double, each rounded once.
  template <class Real>
  kernels::AdamStep<Real> step(double factor, double rate, std::uint64_t t) const {
    kernels::AdamStep<Real> step{};
    step.factor = static_cast<Real>(factor);
    step.beta1 = static_cast<Real>(beta1);
    step.one_minus_beta1 = static_cast<Real>(1.0 - beta1);
    step.beta2 = static_cast<Real>(beta2);
    step.one_minus_beta2 = static_cast<Real>(1.0 - beta2);
    step.step_size = static_cast<Real>(rate / (1.0 - exact::power(beta1, t)));
    step.inverse_root_bias2 = static_cast<Real>(1.0 / std::sqrt(1.0 - exact::power(beta2, t)));
    step.epsilon = static_cast<Real>(epsilon);
    return step;
  }

  double beta1, beta2, epsilon;
};

}  // namespace rondo::optimizers
