// Plain twin of Adam's update (kernels/updates/update.hpp), element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/reference/update.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void adam(const AdamStep<Real>& step, std::span<Real> parameters,
                      std::span<const Real> gradients, std::span<Real> first_moments,
                      std::span<Real> second_moments) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Real &p = parameters[i], &m = first_moments[i], &v = second_moments[i];
    const Real g = std::fma(step.weight_decay, p, step.factor * gradients[i]);
    m = normal_or_zero(std::fma(step.beta1, m, step.one_minus_beta1 * g));
    v = normal_or_zero(std::fma(step.beta2, v, (step.one_minus_beta2 * g) * g));
    const Real deviation = std::fma(std::sqrt(v), step.inverse_root_bias2, step.epsilon);
    p = std::fma(-step.step_size, m / deviation, step.keep * p);
  }
}

}  // namespace rondo::kernels::reference
