// Plain twins of kernels/attention/step.hpp, position by position and unit by unit.
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/attention/positions.hpp"
#include "kernels/reference/normalized.hpp"
#include "rondo/kernels/attention/step.hpp"

namespace rondo::kernels::reference {

// The lane's row of a position.
template <class Value>
LaneVector<Value> row_at(Value* first, std::size_t stride, int position, const Panels& units,
                         int lanes, int lane) {
  return {first + static_cast<std::size_t>(position) * stride, units, lanes, lane};
}

// Scores at `step.weights` become weights.
template <class Real>
RONDO_FUSED void weigh_positions(const AttentionStep<Real>& step) {
  Real* const weights = step.weights;
  const Real maximum =
      largest_of_positions<Real>(step.positions, [&](int i) { return weights[i]; });
  const Real sum = sum_over_positions<Real>(
      step.positions, [&](int i) { return weights[i] = exp(weights[i] - maximum); });
  for (int i = 0; i < step.positions; ++i) weights[i] = flushed(weights[i] / sum);
}

template <class Real>
RONDO_FUSED void attend_step(const AttentionStep<Real>& step, Real* context) {
  const LaneVector<const Real> query(step.query, step.units, step.lanes, step.lane);
  const auto v = [&](int unit) { return step.score[unit]; };
  for (int i = 0; i < step.positions; ++i) {
    const auto key =
        row_at(step.keys, step.key_stride, i, step.units, step.lanes, step.source_lane);
    step.weights[i] = sum_over_units<Real>(step.units.units, [&](Real sum, int unit) {
      return step.score == nullptr ? std::fma(query[unit], key[unit], sum)
                                   : std::fma(v(unit), tanh(query[unit] + key[unit]), sum);
    });
  }
  weigh_positions(step);
  const LaneVector<Real> out(context, step.state_units, step.lanes, step.lane);
  for (int unit = 0; unit < step.state_units.units; ++unit) {
    Real chain = 0;
    for (int i = 0; i < step.positions; ++i) {
      const auto state =
          row_at(step.states, step.state_stride, i, step.state_units, step.lanes, step.source_lane);
      chain = std::fma(step.weights[i], state[unit], chain);
    }
    out[unit] = flushed(chain);
  }
  out.clear_padding();
}

// Of the score of position i, whose gradient is there.
template <class Real>
RONDO_FUSED void differentiate_score(const AttentionStep<Real>& step,
                                     const AttentionGradients<Real>& gradients, int i) {
  const Real d = gradients.weights[i];
  const LaneVector<const Real> query(step.query, step.units, step.lanes, step.lane);
  const LaneVector<Real> query_gradient(gradients.query, step.units, step.lanes, step.lane);
  const auto key = row_at(step.keys, step.key_stride, i, step.units, step.lanes, step.source_lane);
  const auto key_gradient =
      row_at(gradients.keys, step.key_stride, i, step.units, step.lanes, step.source_lane);
  for (int unit = 0; unit < step.units.units; ++unit) {
    if (step.score == nullptr) {
      key_gradient[unit] = std::fma(d, query[unit], key_gradient[unit]);
      query_gradient[unit] = std::fma(d, key[unit], query_gradient[unit]);
      continue;
    }
    const LaneVector<Real> score(gradients.score, step.units, step.lanes, step.lane);
    const Real e = tanh(query[unit] + key[unit]);
    const Real slope = d * step.score[unit] * std::fma(-e, e, Real{1});
    key_gradient[unit] += slope;
    query_gradient[unit] += slope;
    score[unit] = std::fma(d, e, score[unit]);
  }
}

template <class Real>
RONDO_FUSED void attend_step_backward(const AttentionStep<Real>& step,
                                      const AttentionGradients<Real>& gradients) {
  const Panels& states = step.state_units;
  const LaneVector<const Real> context(gradients.context, states, step.lanes, step.lane);
  const Real* const weights = step.weights;
  for (int i = 0; i < step.positions; ++i) {
    const auto state =
        row_at(step.states, step.state_stride, i, states, step.lanes, step.source_lane);
    gradients.weights[i] = sum_over_units<Real>(states.units, [&](Real sum, int unit) {
      return std::fma(context[unit], state[unit], sum);
    });
  }
  const Real mean = sum_over_positions<Real>(
      step.positions, [&](int i) { return weights[i] * gradients.weights[i]; });
  if (gradients.score != nullptr) {
    const LaneVector<Real> score(gradients.score, step.units, step.lanes, step.lane);
    for (int unit = 0; unit < step.units.units; ++unit) score[unit] = 0;
    score.clear_padding();
  }
  for (int i = 0; i < step.positions; ++i) {
    const auto state_gradient =
        row_at(gradients.states, step.state_stride, i, states, step.lanes, step.source_lane);
    for (int unit = 0; unit < states.units; ++unit) {
      state_gradient[unit] = std::fma(weights[i], context[unit], state_gradient[unit]);
    }
    gradients.weights[i] = flushed(weights[i] * (gradients.weights[i] - mean));
    differentiate_score(step, gradients, i);
  }
  const LaneVector<Real> query(gradients.query, step.units, step.lanes, step.lane);
  for (int unit = 0; unit < step.units.units; ++unit) query[unit] = flushed(query[unit]);
  if (gradients.score == nullptr) return;
  const LaneVector<Real> score(gradients.score, step.units, step.lanes, step.lane);
  for (int unit = 0; unit < step.units.units; ++unit) score[unit] = flushed(score[unit]);
}

}  // namespace rondo::kernels::reference
