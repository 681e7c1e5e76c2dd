// Plain twin of LAMB's direction (kernels/updates/update.hpp), element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/reference/update.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void lamb_direction(const AdamStep<Real>& step, std::span<const Real> parameters,
                                std::span<Real> gradients, std::span<Real> first_moments,
                                std::span<Real> second_moments) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Real &m = first_moments[i], &v = second_moments[i];
    const Real g = step.factor * gradients[i];
    m = normal_or_zero(std::fma(step.beta1, m, step.one_minus_beta1 * g));
    v = normal_or_zero(std::fma(step.beta2, v, (step.one_minus_beta2 * g) * g));
    const Real deviation = std::fma(std::sqrt(v), step.inverse_root_bias2, step.epsilon);
    gradients[i] = std::fma(step.weight_decay, parameters[i], (step.step_size * m) / deviation);
  }
}

}  // namespace rondo::kernels::reference
