// The output of a language model: logits over the vocabulary, softmax, cross-entropy.
//
// In memory are the logits of the whole window, or, where those would be too many, a buffer of a
// few time steps' (PassShape::logit_times): forward() then goes through the window in pieces of
// time steps and keeps the maximum and the sum of each row, and the way back goes through the
// classes in parts of a few panels and computes their logits again. A chain gives the same bits
// each time, the gradient at the input is a chain over ascending classes that a part leaves and the
// next resumes, and the weights' chains see all time steps of a part at once: no bit tells which
// way was taken.
#pragma once

#include <span>
#include <vector>

#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

struct SoftmaxSegments {
  std::size_t weights, bias;
  bool tied = false;  // `weights` is the embedding's table
};

// Segments "output.weight" [classes, inputs] and "output.bias" [classes].
SoftmaxSegments add_softmax_layer(ParameterLayout& layout, int classes, int inputs);
// "output.bias" alone, for a layer whose weights are those of the segment `table`.
SoftmaxSegments add_tied_softmax_layer(ParameterLayout& layout, int classes, std::size_t table);
// Such a layer's weights as a matrix: their gradient stands behind the parameters, at its offset.
Segment tied_weights(const ParameterLayout& layout, int classes, int inputs);

template <class Real>
class SoftmaxLayer final : public Stage<Real> {
 public:
  // `smoothing`: epsilon of the label smoothing in training; evaluation has none.
  SoftmaxLayer(const ParameterLayout& layout, const SoftmaxSegments& segments,
               const Real* parameters, Activations<Real> below, Activations<Real> below_gradient,
               const PassShape& shape, Allocations& memory, double smoothing = 0);

  // Of a tied layer: the bias, and behind the parameters the gradient of the weights' use here.
  std::pair<std::size_t, std::size_t> segment_range() const override;
  // Logits and losses; in training the logits are overwritten by their gradients.
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  int parts() const override;
  void begin_part(int part, const WindowView&, const GradientSums<Real>&) override { part_ = part; }
  // For each panel its weights and its bias; the biases lie, and leave, behind all weights.
  int gradient_jobs() const override { return classes_.count(); }
  int jobs_after(int part) const override;
  void gradient_job(int panel, const WindowView& window, const GradientSums<Real>& sums) override;
  std::size_t final_after(int jobs) const override;
  int pack_jobs() const override { return packed_.pack_jobs(); }
  void pack_job(int job) override { packed_.pack_job(job); }

  // Values of the logits of one time step.
  static std::size_t step_values(int classes, int lanes) {
    return step_distance(Panels{classes}.step_size(lanes));
  }

  // Loss in nats and number of valid targets of each block of `block` lanes, after forward():
  // element t * block + lane of a block's losses in the order of a vector sum.
  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<std::int64_t> targets);
  // A lane's logits at time t, after forward() without training, with the whole window's logits in
  // memory. out: [classes].
  void logits(int t, int lane, std::span<Real> out) const;

 private:
  // How the window's logits are divided.
  struct Pieces {
    Pieces(int classes, const PassShape& shape);
    int times = 0;         // of a piece; 0: the whole window's logits are kept
    int panels = 0;        // of a part, at most
    std::size_t size = 0;  // values that the buffer holds
  };
  bool in_pieces() const { return pieces_.times > 0; }
  // Logits of panels [first, last) for time steps [begin, end); `out`: of an activation whose first
  // panel is `first`, its step `begin`, of `stride` values a step.
  void multiply(int first, int last, int begin, int end, LaneRange lanes, Real* out,
                std::size_t stride);
  void forward_pieces(const WindowView& window, LaneRange lanes);
  void backward_part(const WindowView& window, LaneRange lanes);
  // The stretch `chain` of the gradient at the input, from the gradients of the classes from
  // `first_class` on that are in memory.
  void input_gradient(std::span<const kernels::Stretch> chain, int first_class, std::size_t stride,
                      const WindowView& window, LaneRange lanes);
  void softmax(const WindowView& window, int t, LaneRange lanes, Real* logits);
  // What a part's buffer holds: [t][panel][lane][width] of the classes of its panels.
  Panels part_classes() const;

  const Segment weights_;
  const Segment& bias_;
  bool tied_;
  const Real* parameters_;
  PackedWeights<Real> packed_;
  Activations<Real> below_, below_gradient_;
  Panels classes_;
  int lanes_;
  bool training_;
  kernels::LabelSmoothing<Real> smoothing_;
  std::size_t step_;
  std::vector<kernels::Stretch> chain_, classes_chain_, last_part_chain_;
  Pieces pieces_;
  int part_ = 0;                // the part at work
  Buffer<Real> logits_;         // [t], or of a piece, or of a part
  Buffer<Real> maxima_, sums_;  // [t][lane], in pieces
  Buffer<double> losses_;       // [t][lane]
  Buffer<double> block_loss_;   // [t][lane of a block]
};

}  // namespace rondo
