// Plain twin of kernels/softmax: the loops that define it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kernels/math/tree_fold.hpp"
#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/losses/softmax.hpp"

namespace rondo::kernels::reference {

// The logits of one lane, class by class; what is in padding is never read.
template <class Real>
class LaneLogits {
 public:
  template <class Step>
  LaneLogits(const Step& step, int lane)
      : classes_(step.classes), lanes_(step.lanes), logits_(step.logits), lane_(lane) {}
  int size() const { return classes_.units; }
  Real& operator[](int unit) const { return logits_[classes_.index(lane_, unit, lanes_)]; }
  void clear() const {
    for (int unit = 0; unit < classes_.padded(); ++unit) (*this)[unit] = Real{0};
  }
  void clear_padding() const {
    for (int unit = size(); unit < classes_.padded(); ++unit) (*this)[unit] = Real{0};
  }

 private:
  Panels classes_;
  int lanes_;
  Real* logits_;
  int lane_;
};

// The largest logit; NaN is passed over and comes back through the sum.
template <class Real>
Real largest(const LaneLogits<Real>& logits) {
  Real maximum = -std::numeric_limits<Real>::infinity();
  for (int unit = 0; unit < logits.size(); ++unit) {
    if (logits[unit] > maximum) maximum = logits[unit];
  }
  return maximum;
}

// Sum of term(logit - maximum) in the order of a vector sum; the terms replace the logits if asked.
template <class Real, class Term>
RONDO_FUSED Real sum_of(const LaneLogits<Real>& logits, Real maximum, bool keep, Term function) {
  constexpr int chunk = static_cast<int>(sum_chunk), width = static_cast<int>(sum_accumulators);
  TreeFold<Real> chunks;
  for (int begin = 0; begin < logits.size(); begin += chunk) {
    Real accumulators[sum_accumulators] = {};
    for (int unit = begin; unit < std::min(begin + chunk, logits.size()); ++unit) {
      const Real term = function(logits[unit] - maximum);
      accumulators[unit % width] += term;
      if (keep) logits[unit] = term;
    }
    chunks.push(join_accumulators(accumulators));
  }
  return chunks.total();
}

template <class Real>
RONDO_FUSED void softmax_cross_entropy(const SoftmaxStep<Real>& step) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const LaneLogits<Real> logits(step, lane);
    const int target = step.target[lane];
    if (target < 0) {
      step.loss[lane] = 0;
      if (step.gradient) logits.clear();
      continue;
    }
    const Real maximum = largest(logits);
    const auto [share, rest] = step.smoothing;
    Real log_likelihood = logits[target] - maximum;
    if (share != 0) {
      const Real all = sum_of(logits, maximum, false, [](Real shifted) { return shifted; });
      log_likelihood = std::fma(share, all, rest * log_likelihood);
    }
    const Real sum =
        sum_of(logits, maximum, step.gradient, [](Real shifted) { return exp(shifted); });
    step.loss[lane] = static_cast<double>(log(sum) - log_likelihood);
    if (step.maximum != nullptr) step.maximum[lane] = maximum;
    if (step.sum != nullptr) step.sum[lane] = sum;
    if (!step.gradient) continue;
    for (int unit = 0; unit < logits.size(); ++unit) {
      const Real excess = logits[unit] / sum - share;
      logits[unit] = flushed(unit == target ? excess - rest : excess);
    }
    logits.clear_padding();
  }
}

template <class Real>
RONDO_FUSED void softmax_gradient(const SoftmaxGradient<Real>& step) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const LaneLogits<Real> logits(step, lane);
    if (step.target[lane] < 0) {
      logits.clear();
      continue;
    }
    const auto [share, rest] = step.smoothing;
    for (int unit = 0; unit < logits.size(); ++unit) {
      const Real term = exp(logits[unit] - step.maximum[lane]);
      const Real excess = term / step.sum[lane] - share;
      const bool is_target = step.first + unit == step.target[lane];
      logits[unit] = flushed(is_target ? excess - rest : excess);
    }
    logits.clear_padding();
  }
}

}  // namespace rondo::kernels::reference
