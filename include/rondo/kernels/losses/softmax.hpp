// Softmax with cross-entropy over the classes of one time step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// Label smoothing (Szegedy et al. 2016), as torch.nn.CrossEntropyLoss(label_smoothing = epsilon):
// the loss is the cross-entropy with a distribution that gives each class epsilon / classes, and
// the target 1 - epsilon beyond that. The one of epsilon 0 changes no bit.
template <class Real>
struct LabelSmoothing {
  LabelSmoothing() = default;
  LabelSmoothing(double epsilon, int classes)
      : share(static_cast<Real>(epsilon / classes)), rest(static_cast<Real>(1.0 - epsilon)) {}
  Real share = 0;
  Real rest = 1;
};

// `logits` is an activation of classes.units classes in panels, `lanes` lanes wide (panels.hpp).
// For each lane in [lane_begin, lane_end):
//   the maximum over all classes first, then the sum of exp(logit - maximum) in the order of a
//   vector sum (class i to accumulator i mod 64 in chunks of 4,096, joined by the tree);
//   loss[lane] = log(sum) - (logit of the target - maximum), in nats, computed in Real and widened;
//   smoothed, log(sum) - fma(share, s, rest (logit of the target - maximum)), s the sum of all
//   logit - maximum in the same order;
//   gradient, if asked for, in place of the logits: (softmax - share) - rest at the target, else
//   softmax - share; small values and padding +0.
//   maximum and sum, where they are asked for: what softmax_gradient needs of all classes.
// target[lane] < 0 masks a lane: loss +0 and gradient +0, maximum and sum as they were.
template <class Real>
struct SoftmaxStep {
  Panels classes;
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  Real* logits = nullptr;
  const std::int32_t* target = nullptr;  // [lane]
  double* loss = nullptr;                // [lane]
  bool gradient = false;
  Real* maximum = nullptr;  // [lane], or null
  Real* sum = nullptr;      // [lane], or null
  LabelSmoothing<Real> smoothing;
};

template <class Real>
void softmax_cross_entropy(const SoftmaxStep<Real>& step);

// The same gradient, bit for bit, from the logits of some classes alone: whole panels, beginning
// with class `first`, of all classes whose maximum and sum softmax_cross_entropy gave.
template <class Real>
struct SoftmaxGradient {
  Panels classes;  // those present
  int first = 0;   // the number of the first of them
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  Real* logits = nullptr;  // overwritten by the gradient
  const std::int32_t* target = nullptr;
  const Real* maximum = nullptr;
  const Real* sum = nullptr;
  LabelSmoothing<Real> smoothing;
};

template <class Real>
void softmax_gradient(const SoftmaxGradient<Real>& step);

}  // namespace rondo::kernels
