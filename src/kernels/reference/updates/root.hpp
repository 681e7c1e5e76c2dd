// Plain twin of the update by the root of squares (kernels/updates/update.hpp), element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/reference/update.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void root_scaled(const RootScaledStep<Real>& step, std::span<Real> parameters,
                             std::span<const Real> gradients, std::span<Real> squares) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Real &p = parameters[i], &v = squares[i];
    const Real g = std::fma(step.weight_decay, p, step.factor * gradients[i]);
    v = normal_or_zero(std::fma(step.keep, v, (step.fresh * g) * g));
    p = std::fma(-step.rate, g / (std::sqrt(v) + step.epsilon), p);
  }
}

}  // namespace rondo::kernels::reference
