// Attention over the positions of a whole sequence: weights from scores, and the context that they
// make of the states.
#pragma once

#include <cstddef>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// The positions of one lane, ascending. Its states are rows of an activation (panels.hpp); a
// position's score is the first value of the lane's row in another one, of one unit.
template <class Real>
struct Attended {
  Panels units;  // of the states
  int lanes = 0;
  int lane = 0;
  int positions = 0;             // at least 1
  const Real* states = nullptr;  // the first position's step, a stride from one to the next
  std::size_t state_stride = 0;
  Real* scores = nullptr;  // likewise
  std::size_t score_stride = 0;

  Real* score(int position) const {
    return scores + static_cast<std::size_t>(position) * score_stride +
           Panels{1}.index(lane, 0, lanes);
  }
};

// In place of the scores the weights: the maximum over the positions first; the exponentials of the
// differences, summed in the order of a vector sum (position i to accumulator i mod 64 in chunks of
// 4,096, joined by the tree); each divided by the sum. `context`, a step of an activation of the
// states' units: the lane's row becomes, for each unit, the chain of fused multiply-adds
// weight * state over the positions, ascending, from +0. Small values +0.
template <class Real>
void attend(const Attended<Real>& span, Real* context);

// The way back, `span` being as attend() left it. The gradient at a weight is the chain of fused
// multiply-adds gradient * state over the units, ascending, from +0; with m the sum of all
// weight * its gradient, each rounded, in the order of the exponentials, the gradient at a score is
// weight * (the weight's - m), and replaces the weight; small values +0. To the gradient at each
// state, steps `gradients` of a stride, weight * gradient is added, rounded twice and not yet
// flushed: the score's term comes on top of it.
template <class Real>
void attend_backward(const Attended<Real>& span, const Real* context_gradient, Real* gradients,
                     std::size_t gradient_stride);

}  // namespace rondo::kernels
