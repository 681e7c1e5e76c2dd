// At the last step of each sequence, the mean of its states h_t weighted by learned attention
// (Yang et al. 2016):
//
//   u_t = tanh(W h_t + b)     W: [H, H], b: [H], H the states' width
//   a   = softmax over the sequence's steps of v . u_t,     v: [1, H]
//   out = sum over t of a_t h_t
//
// The order of sums is that of attention (src/README.md; kernels/attention/attention.hpp). On the
// way back the chain of a state's gradient starts from what is there, or +0, plus the context's
// term, and goes on over the units of the score's, W^T d with d_t = (g_t v) (1 - u_t u_t), g_t the
// gradient at the score, each product and difference rounded. Steps outside of spans say +0 and
// have no gradient.
#pragma once

#include <vector>

#include "model/allocations.hpp"
#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/attention/attention.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

struct AttentionPoolSegments {
  std::size_t weights, bias, score;
};

// Segments "pool.weight" [width, width], "pool.bias" [width], "pool.score" [1, width].
AttentionPoolSegments add_attention_pool(ParameterLayout& layout, int width);

template <class Real>
class AttentionPool final : public Stage<Real> {
 public:
  // `goes_on`: another stage has started the gradient at `below`.
  AttentionPool(const ParameterLayout& layout, const AttentionPoolSegments& segments,
                const Real* parameters, Activations<Real> below, Activations<Real> below_gradient,
                bool goes_on, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), below_.stride, below_.panels}; }
  Activations<Real> output_gradient() { return {gradient_.data(), below_.stride, below_.panels}; }

  std::pair<std::size_t, std::size_t> segment_range() const override {
    return {weights_.offset, score_.offset + score_.size};
  }
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  // For each panel its weights and its bias; then the scores' vector, with which all is final.
  int gradient_jobs() const override { return below_.panels.count() + 1; }
  std::size_t final_after(int jobs) const override;
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override;
  int pack_jobs() const override { return packed_.pack_jobs() + packed_score_.pack_jobs(); }
  void pack_job(int job) override;

 private:
  // Calls body(span, what a kernel is told of it) for the spans of some lanes.
  template <class Body>
  void for_each_span(const WindowView& window, LaneRange lanes, Body body);
  // u_t and the scores of all steps, those outside of spans +0.
  void make_scores(const WindowView& window, LaneRange lanes);
  // From the gradients at the scores to those at the states.
  void finish_backward(const WindowView& window, LaneRange lanes);
  Real* scores(int t) { return scores_.data() + static_cast<std::size_t>(t) * score_stride_; }

  const Segment &weights_, &bias_, &score_;
  const Real* parameters_;
  PackedWeights<Real> packed_, packed_score_;
  Activations<Real> below_, below_gradient_;
  int lanes_;
  bool goes_on_;
  std::size_t score_stride_;
  std::vector<kernels::Stretch> chain_, score_chain_;
  Buffer<Real> units_, units_gradient_;  // [t]: u_t, and the gradient before its tanh
  Buffer<Real> scores_;                  // [t]: scores, then weights, then the scores' gradients
  Buffer<Real> output_, gradient_;       // [t]
};

}  // namespace rondo
