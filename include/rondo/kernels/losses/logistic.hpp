// A logistic function and binary cross-entropy for each of several labels of one time step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// `logits` is an activation of labels.units labels in panels, `lanes` lanes wide (panels.hpp):
// those from label `first` on. Of each lane `words` words (core/labels.hpp) say which labels it
// has. For each lane in [lane_begin, lane_end), with s the logit of a label that the lane has not,
// and the negative logit of one that it has:
//   loss[lane] = sum over labels of max(s, 0) + log(1 + exp(-|s|)), in nats, in the order of a
//   vector sum (label l to accumulator l mod 64 in chunks of 4,096, joined by the tree), computed
//   in Real and widened;
//   gradient, if asked for, in place of the logits: logistic(s), negative where the lane has the
//   label; small values and padding +0.
// A negative word masks a lane: loss +0 and gradient +0. As torch.nn.BCEWithLogitsLoss, whose mean
// is over labels, too: the sum's weight is the number of labels.
template <class Real>
struct LogisticStep {
  Panels labels;
  int first = 0;
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  Real* logits = nullptr;
  const std::int32_t* target = nullptr;  // [lane][words]
  int words = 1;
  double* loss = nullptr;  // [lane], or null
  bool gradient = false;
};

template <class Real>
void logistic_cross_entropy(const LogisticStep<Real>& step);

}  // namespace rondo::kernels
