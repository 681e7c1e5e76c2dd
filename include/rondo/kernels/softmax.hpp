// Softmax with cross-entropy over the classes of one time step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// `logits` is an activation of classes.units classes in panels, `lanes` lanes wide (panels.hpp).
// For each lane in [lane_begin, lane_end):
//   the maximum over all classes first, then the sum of exp(logit - maximum) in the order of a
//   vector sum (class i to accumulator i mod 64 in chunks of 4,096, joined by the tree);
//   loss[lane] = log(sum) - (logit of the target - maximum), in nats, computed in Real and widened;
//   gradient, if asked for, in place of the logits: softmax - 1 at the target, else softmax;
//   small values and padding +0.
// target[lane] < 0 masks a lane: loss +0 and gradient +0.
template <class Real>
struct SoftmaxStep {
  Panels classes;
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  Real* logits = nullptr;
  const std::int32_t* target = nullptr;  // [lane]
  double* loss = nullptr;                // [lane]
  bool gradient = false;
};

template <class Real>
void softmax_cross_entropy(const SoftmaxStep<Real>& step);

}  // namespace rondo::kernels
