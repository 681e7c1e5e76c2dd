// Plain twin of descent with momentum (kernels/updates/update.hpp), element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/reference/update.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void sgd(const SgdStep<Real>& step, std::span<Real> parameters,
                     std::span<const Real> gradients, std::span<Real> momenta) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Real &p = parameters[i], &b = momenta[i];
    const Real g = std::fma(step.weight_decay, p, step.factor * gradients[i]);
    b = normal_or_zero(std::fma(step.momentum, b, g));
    const Real along = step.form == SgdForm::nesterov ? std::fma(step.momentum, b, g) : b;
    p = std::fma(-step.rate, along, p);
  }
}

}  // namespace rondo::kernels::reference
