// softmax_cross_entropy (kernels/losses/softmax.hpp): three passes over a lane's logits, for the
// maximum, the exponentials with their sum, and the gradient. softmax_gradient: the last two over
// some classes, when the maximum and the sum are known.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/losses/softmax.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/math/math-inl.hpp"
// clang-format on

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kernels/math/tree_fold.hpp"
#include "kernels/reference/softmax.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/losses/softmax.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using elementwise::all;
using elementwise::tag;
using elementwise::Vector;

// A panel is one row of the sum's accumulators, so that a chunk is 64 panels.
static_assert(Panels::full == static_cast<int>(sum_accumulators));
constexpr int chunk_panels = static_cast<int>(sum_chunk / sum_accumulators);
constexpr float lowest = -std::numeric_limits<float>::infinity();

// A lane's values in panel p.
template <class Step>
HWY_INLINE float* row(const Step& step, int lane, int p) {
  return step.logits + step.classes.index(lane, p * Panels::full, step.lanes);
}

// What selects the values of a vector that has no padding.
struct Whole {};
HWY_INLINE Vector if_real(Whole, Vector values, Vector) { return values; }
template <class Mask>
HWY_INLINE Vector if_real(Mask real, Vector values, Vector padding) {
  return hn::IfThenElse(real, values, padding);
}

// Calls body(values, real, u) for each vector of a row; `real` selects what is no padding.
template <class Body>
HWY_INLINE void for_each_vector(const float* values, int valid, Body body) {
  constexpr int size = static_cast<int>(hn::MaxLanes(tag));
  if (valid == Panels::full) {
    for (int u = 0; u < Panels::full; u += size) body(hn::LoadU(tag, values + u), Whole(), u);
    return;
  }
  for (int u = 0; u < valid; u += size) {
    const auto real = hn::FirstN(tag, static_cast<std::size_t>(std::min(valid - u, size)));
    body(hn::LoadU(tag, values + u), real, u);
  }
}

// NaN is passed over and comes back through the sum. Four maxima side by side: one would wait for
// itself.
float largest(const SoftmaxStep<float>& step, int lane) {
  constexpr int size = static_cast<int>(hn::MaxLanes(tag)), side_by_side = 4;
  float each[side_by_side * size];
  Vector maxima[side_by_side];
  for (Vector& maximum : maxima) maximum = all(lowest);
  for (int p = 0; p < step.classes.count(); ++p) {
    for_each_vector(row(step, lane, p), step.classes.valid(p),
                    [&](Vector logits, auto real, int u) HWY_ATTR {
                      const Vector candidates = if_real(real, logits, all(lowest));
                      Vector& maximum = maxima[u / size % side_by_side];
                      maximum = hn::IfThenElse(hn::Gt(candidates, maximum), candidates, maximum);
                    });
  }
  for (int i = 0; i < side_by_side; ++i) hn::StoreU(maxima[i], tag, each + i * size);
  return *std::max_element(each, each + side_by_side * size);
}

// Sum of term(logit - maximum); the terms replace the logits if `keep`.
template <class Term>
HWY_INLINE float sum_of(const SoftmaxStep<float>& step, int lane, float maximum, bool keep,
                        Term term) {
  TreeFold<float> chunks;
  for (int begin = 0; begin < step.classes.count(); begin += chunk_panels) {
    float accumulators[sum_accumulators] = {};
    for (int p = begin; p < std::min(begin + chunk_panels, step.classes.count()); ++p) {
      float* const values = row(step, lane, p);
      for_each_vector(values, step.classes.valid(p), [&](Vector logits, auto real, int u) HWY_ATTR {
        const Vector terms = if_real(real, term(hn::Sub(logits, all(maximum))), all(0));
        hn::StoreU(hn::Add(hn::LoadU(tag, accumulators + u), terms), tag, accumulators + u);
        if (keep) hn::StoreU(terms, tag, values + u);
      });
    }
    chunks.push(join_accumulators(accumulators));
  }
  return chunks.total();
}

float exponential_sum(const SoftmaxStep<float>& step, int lane, float maximum, bool keep) {
  return sum_of(step, lane, maximum, keep,
                [](Vector shifted) HWY_ATTR { return elementwise::exp(shifted); });
}
float shifted_sum(const SoftmaxStep<float>& step, int lane, float maximum) {
  return sum_of(step, lane, maximum, false, [](Vector shifted) HWY_ATTR { return shifted; });
}

// From the terms of the sum to softmax - share, and at the target - rest.
void write_gradient(const SoftmaxStep<float>& step, int lane, float sum) {
  const int target = step.target[lane];
  const auto [share, rest] = step.smoothing;
  const Vector shares = all(share);
  const float probability = step.logits[step.classes.index(lane, target, step.lanes)] / sum;
  for (int p = 0; p < step.classes.count(); ++p) {
    float* const values = row(step, lane, p);
    for_each_vector(values, step.classes.valid(p), [&](Vector terms, auto, int u) HWY_ATTR {
      hn::StoreU(elementwise::flushed(hn::Sub(hn::Div(terms, all(sum)), shares)), tag, values + u);
    });
    std::fill(values + step.classes.valid(p), values + step.classes.width(p), 0.0F);
  }
  step.logits[step.classes.index(lane, target, step.lanes)] = flushed(probability - share - rest);
}

template <class Step>
void clear(const Step& step, int lane) {
  for (int p = 0; p < step.classes.count(); ++p) {
    std::fill_n(row(step, lane, p), step.classes.width(p), 0.0F);
  }
}

float log_of(float x) { return hn::GetLane(elementwise::log(all(x))); }
float exp_of(float x) { return hn::GetLane(elementwise::exp(all(x))); }

}  // namespace

void softmax_vector(const SoftmaxStep<float>& step) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const int target = step.target[lane];
    if (target < 0) {
      step.loss[lane] = 0;
      if (step.gradient) clear(step, lane);
      continue;
    }
    const float maximum = largest(step, lane);
    float log_likelihood = step.logits[step.classes.index(lane, target, step.lanes)] - maximum;
    const auto [share, rest] = step.smoothing;
    if (share != 0) {
      log_likelihood = std::fma(share, shifted_sum(step, lane, maximum), rest * log_likelihood);
    }
    const float sum = exponential_sum(step, lane, maximum, step.gradient);
    step.loss[lane] = static_cast<double>(log_of(sum) - log_likelihood);
    if (step.maximum != nullptr) step.maximum[lane] = maximum;
    if (step.sum != nullptr) step.sum[lane] = sum;
    if (step.gradient) write_gradient(step, lane, sum);
  }
}

void softmax_gradient_vector(const SoftmaxGradient<float>& step) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    if (step.target[lane] < 0) {
      clear(step, lane);
      continue;
    }
    const float maximum = step.maximum[lane];
    const float sum = step.sum[lane];
    const auto [share, rest] = step.smoothing;
    const Vector shares = all(share);
    const int target = step.target[lane] - step.first;
    const bool has_target = target >= 0 && target < step.classes.units;
    float* const at_target =
        has_target ? step.logits + step.classes.index(lane, target, step.lanes) : nullptr;
    const float target_logit = has_target ? *at_target : 0.0F;
    for (int p = 0; p < step.classes.count(); ++p) {
      float* const values = row(step, lane, p);
      for_each_vector(values, step.classes.valid(p), [&](Vector logits, auto, int u) HWY_ATTR {
        const Vector terms = elementwise::exp(hn::Sub(logits, all(maximum)));
        hn::StoreU(elementwise::flushed(hn::Sub(hn::Div(terms, all(sum)), shares)), tag,
                   values + u);
      });
      std::fill(values + step.classes.valid(p), values + step.classes.width(p), 0.0F);
    }
    if (has_target) {
      *at_target = flushed(exp_of(target_logit - maximum) / sum - share - rest);
    }
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(softmax_vector);
HWY_EXPORT(softmax_gradient_vector);

template <>
void softmax_cross_entropy(const SoftmaxStep<float>& step) {
  RONDO_DISPATCH(softmax_vector, reference::softmax_cross_entropy, step);
}
template <>
void softmax_cross_entropy(const SoftmaxStep<double>& step) {
  reference::softmax_cross_entropy(step);
}

template <>
void softmax_gradient(const SoftmaxGradient<float>& step) {
  RONDO_DISPATCH(softmax_gradient_vector, reference::softmax_gradient, step);
}
template <>
void softmax_gradient(const SoftmaxGradient<double>& step) {
  reference::softmax_gradient(step);
}

}  // namespace rondo::kernels
#endif
