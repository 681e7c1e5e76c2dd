// Attention of a decoder over the states h_j of its source, and what comes of it (Luong et al.
// 2015; additive: Bahdanau et al. 2015). For the hidden state s_t of its top layer:
//
//   dot        score_j = s_t . h_j
//   general    score_j = s_t . k_j                k_j = W h_j         "attention.key.weight"
//   additive   score_j = v . tanh(q_t + k_j)      k_j = W h_j + b     and "attention.key.bias",
//              q_t = U s_t                        "attention.query.weight", "attention.score"
//   c_t = sum over j of softmax(score)_j h_j
//   out_t = tanh(C c_t + S s_t)                   "attention.context.weight",
//                                                 "attention.hidden.weight"
//
// Keys are made by a stage of the source's axis (keys.hpp). The chain of out_t goes over c_t, then
// over s_t. On the way back that of the gradient at s_t goes over the units of out_t, then, of
// products, over the positions, or, additive, over the units of q_t. The order of the rest is that
// of the kernels (kernels/attention/step.hpp): decoder steps descending in an encoder state's
// chain. A step outside of spans has the context +0 and no gradient.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/decoder/source_spans.hpp"
#include "model/linear/linear.hpp"
#include "model/own_steps.hpp"
#include "rondo/kernels/attention/step.hpp"
#include "rondo/model/network_plan.hpp"

namespace rondo {

struct AttentionSegments {
  std::optional<LinearSegments> query;
  std::optional<std::size_t> score;
  LinearSegments context, hidden;
};

// The segments above but those of the keys, in this order: query, score, context, hidden.
AttentionSegments add_attention(ParameterLayout& layout, AttentionKind kind, int states, int hidden,
                                int units);

// What it reads, and where gradients go.
template <class Real>
struct AttentionPlaces {
  int source_axis = 0;
  Activations<Real> states, states_gradient;
  bool states_go_on = false;  // another stage has started their gradient
  // Of products of the states, these again.
  Activations<Real> keys, keys_gradient;
  Activations<Real> hidden, hidden_gradient;
  bool hidden_goes_on = false;
};

// Whose weights of attention can be read.
template <class Real>
class AttentionWeights {
 public:
  virtual ~AttentionWeights() = default;
  // After forward(), of the positions of the source of lane `lane` at time t; none outside of
  // spans.
  virtual std::span<const Real> weights(int t, int lane) const = 0;
};

// To be driven over some steps at a time, by a stage that does so for all, or by a decoder that
// feeds each step's output back. `pass` is of the target's axis, `source_times` the
// longest window of the source's.
template <class Real>
class Attention {
 public:
  Attention(const ParameterLayout& layout, const AttentionSegments& segments,
            const Real* parameters, const AttentionPlaces<Real>& places, const PassShape& pass,
            int source_times, Allocations& memory);
  Attention(const Attention&) = delete;
  Attention& operator=(const Attention&) = delete;

  Activations<Real> output() { return output_.view(); }
  Activations<Real> output_gradient() { return output_gradient_.view(); }

  // On one thread; `window` is on the target's axis.
  void begin_window(const WindowView& window) { sources_.find(window); }
  void forward(TimeRange times, LaneRange lanes);
  // Before the way back of some lanes, and behind it.
  void begin_backward(const WindowView& window, LaneRange lanes);
  void backward(TimeRange times, LaneRange lanes);
  void finish_backward(const WindowView& window, LaneRange lanes);

  // In the order in which they are stored.
  std::vector<const SegmentGradient<Real>*> segment_gradients() const;
  int pack_jobs() const;
  void pack_job(int job);

  std::span<const Real> weights(int t, int lane) const {
    return {weights_.data() + weights_at(t, lane),
            static_cast<std::size_t>(sources_.at(t, lane).length)};
  }

 private:
  bool additive() const { return score_ != nullptr; }
  Activations<Real> query() { return additive() ? query_.view() : places_.hidden; }
  Activations<Real> query_gradient() {
    return additive() ? query_gradient_.view() : places_.hidden_gradient;
  }
  // What a kernel is told of a step within a span.
  kernels::AttentionStep<Real> step(int t, int lane);
  kernels::AttentionGradients<Real> gradients(int t, int lane);
  std::size_t weights_at(int t, int lane) const {
    return (static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
            static_cast<std::size_t>(lane)) *
           weights_stride_;
  }

  AttentionPlaces<Real> places_;
  const Segment* score_;  // null: scores are products
  const Real* parameters_;
  int lanes_;
  std::size_t weights_stride_;
  SourceSpans sources_;
  OwnSteps<Real> query_, query_gradient_;  // of additive scores
  OwnSteps<Real> scored_;                  // of these, parts of the gradient at v
  OwnSteps<Real> context_, context_gradient_, output_, output_gradient_;
  Buffer<Real> weights_;           // [t][lane][position]
  Buffer<Real> weights_gradient_;  // [lane][position]
  std::optional<Linear<Real>> query_matrix_;
  std::optional<VectorGradient<Real>> score_gradient_;
  std::optional<Linear<Real>> context_matrix_, hidden_matrix_;
};

}  // namespace rondo
