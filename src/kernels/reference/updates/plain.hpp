// Plain twin of the updates without moments (kernels/updates/update.hpp), element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/reference/update.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void descend(const DescentStep<Real>& step, std::span<Real> parameters,
                         std::span<const Real> gradients) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Real& p = parameters[i];
    p = std::fma(-step.rate, std::fma(step.weight_decay, p, step.factor * gradients[i]), p);
  }
}

template <class Real>
RONDO_FUSED void average(Real weight, std::span<const Real> parameters, std::span<Real> averages) {
  for (std::size_t i = 0; i < averages.size(); ++i) {
    averages[i] = std::fma(weight, parameters[i] - averages[i], averages[i]);
  }
}

}  // namespace rondo::kernels::reference
