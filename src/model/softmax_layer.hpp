// The output of a language model: logits over the vocabulary, softmax, cross-entropy.
#pragma once

#include <span>
#include <vector>

#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

struct SoftmaxSegments {
  std::size_t weights, bias;
};

// Segments "output.weight" [classes, inputs] and "output.bias" [classes].
SoftmaxSegments add_softmax_layer(ParameterLayout& layout, int classes, int inputs);

template <class Real>
class SoftmaxLayer final : public Stage<Real> {
 public:
  SoftmaxLayer(const ParameterLayout& layout, const SoftmaxSegments& segments,
               const Real* parameters, Activations<Real> below, Activations<Real> below_gradient,
               const PassShape& shape);

  std::pair<std::size_t, std::size_t> segment_range() const override;
  // Logits and losses; in training the logits are overwritten by their gradients.
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  // The panels of the weights, then those of the bias.
  int gradient_tasks() const override { return 2 * classes_.count(); }
  void gradient_task(int task, const WindowView& window, const GradientSums<Real>& sums) override;
  std::size_t final_after(int tasks) const override;
  int pack_tasks() const override { return packed_.pack_tasks(); }
  void pack_task(int task) override { packed_.pack_task(task); }

  // Loss in nats and number of valid targets of each block of `block` lanes, after forward():
  // element t * block + lane of a block's losses in the order of a vector sum.
  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<std::int64_t> targets);
  // A lane's logits at time t, after forward() without training. out: [classes].
  void logits(int t, int lane, std::span<Real> out) const;

 private:
  const Segment &weights_, &bias_;
  const Real* parameters_;
  PackedWeights<Real> packed_;
  Activations<Real> below_, below_gradient_;
  Panels classes_;
  int lanes_;
  bool training_;
  std::size_t step_;
  std::vector<kernels::Stretch> chain_, classes_chain_;
  Buffer<Real> logits_;
  Buffer<double> losses_;      // [t][lane]
  Buffer<double> block_loss_;  // [t][lane of a block]
};

}  // namespace rondo
