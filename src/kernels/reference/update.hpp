// Plain twins of kernels/update, element by element.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo::kernels::reference {

// Below the smallest normal number: +0. NaN stays.
template <class Real>
Real normal_or_zero(Real x) {
  return std::fabs(x) < std::numeric_limits<Real>::min() ? Real{0} : x;
}

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
