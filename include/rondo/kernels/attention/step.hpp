// Attention of one step of a decoder over the positions of its source (Luong et al. 2015; Bahdanau
// et al. 2015): scores, weights, context, and the way back.
#pragma once

#include <cstddef>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// A step of one lane, whose source lies in the same lane, or in another one. Rows lie in panels
// (core/panels.hpp) of activations of `lanes` lanes.
template <class Real>
struct AttentionStep {
  Panels units;        // of the query and the keys
  Panels state_units;  // of the states, and the context
  int lanes = 0;
  int lane = 0;                 // of query and context
  int source_lane = 0;          // of keys and states
  int positions = 0;            // at least 1
  const Real* query = nullptr;  // a step
  const Real* keys = nullptr;   // the first position's step, a stride from one to the next
  std::size_t key_stride = 0;
  const Real* states = nullptr;  // likewise
  std::size_t state_stride = 0;
  const Real* score = nullptr;  // of additive scores: v, [panel][width]; null: they are products
  Real* weights = nullptr;      // [positions]
};

// A score is a sum within a vector over the units (ARITHMETIC), each term fused into its
// accumulator: query * key, or v * tanh(query + key). Then the weights: the maximum over the
// positions first; the exponentials of the differences, position i to accumulator i mod 64 in
// chunks of 4,096, joined by the tree; each divided by the sum. `context`, a step: the lane's row
// becomes, for each unit, the chain of fused multiply-adds weight * state over the positions,
// ascending, from +0. Small weights and values +0.
template <class Real>
void attend_step(const AttentionStep<Real>& step, Real* context);

// Gradients, each a step of an activation with the strides of what it is the gradient of.
template <class Real>
struct AttentionGradients {
  const Real* context = nullptr;
  Real* states = nullptr;  // the first position's step
  Real* keys = nullptr;    // likewise; may be the memory of `states`, where these are the keys
  Real* query = nullptr;
  Real* weights = nullptr;  // [positions]: room; the gradients at the scores are left there
  Real* score = nullptr;    // of additive scores: this step's part of the gradient at v
};

// The way back. The gradient at a weight is a sum over the units as a score is; with m the sum of
// all weight * its gradient, each rounded, in the order of the exponentials, the gradient d at a
// score is weight * (the weight's - m), small ones +0. The chain of a state's gradient goes on by
// weight * the context's, then, where it is a key, by the score's term. Of products: d * query to
// each key, and the chain of the query goes on by d * key over the positions, ascending. Additive,
// with e = tanh(query + key): d * v * (1 - e * e) is added to each key's gradient, and to the
// query's, positions ascending; `score` becomes the chain of d * e over them, from +0. Of all these
// the query's and the score's are then flushed; the others when their chains end.
template <class Real>
void attend_step_backward(const AttentionStep<Real>& step,
                          const AttentionGradients<Real>& gradients);

}  // namespace rondo::kernels
