// A head that says classes: logits, softmax, cross-entropy; or labels, of which a target may have
// several: logits, a logistic function and binary cross-entropy for each.
//
// In memory are the logits of the whole window, or, where those would be too many, a buffer of a
// few time steps' (PassShape::logit_times): forward() then goes through the window in pieces of
// time steps and keeps the maximum and the sum of each row, and the way back goes through the
// classes in parts of a few panels and computes their logits again. A chain gives the same bits
// each time, the gradient at the input is a chain over ascending classes that a part leaves and the
// next resumes, and the weights' chains see all time steps of a part at once: no bit tells which
// way was taken.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "model/heads/head.hpp"
#include "model/linear/linear_products.hpp"
#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Where a window has the targets.
struct ClassTargets {
  int column = 0;
  int words = 0;  // of labels (core/labels.hpp); 0: one class
};

struct SoftmaxSegments {
  std::size_t weights, bias;
  bool tied = false;  // `weights` is the embedding's table
};

// Segments "output.weight" [classes, inputs] and "output.bias" [classes].
SoftmaxSegments add_softmax_layer(ParameterLayout& layout, int classes, int inputs);
// "output.bias" alone, for a layer whose weights are another's table.
std::size_t add_softmax_bias(ParameterLayout& layout, int classes);
// Such a layer's weights as a matrix: their gradient stands behind the parameters, at its offset.
Segment tied_weights(const ParameterLayout& layout, int classes, int inputs);

template <class Real>
class SoftmaxLayer final : public Head<Real> {
 public:
  // `smoothing`: epsilon of the label smoothing in training; evaluation has none.
  // `class_weights`: a class's share in loss and gradient; none: 1 each. Labels have neither of
  // both; each counts as a target, so that a sequence weighs as many as there are.
  SoftmaxLayer(const ParameterLayout& layout, const SoftmaxSegments& segments, ClassTargets targets,
               const Real* parameters, Activations<Real> below, Activations<Real> below_gradient,
               const PassShape& shape, Allocations& memory, double smoothing = 0,
               std::vector<double> class_weights = {});

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

  // Of a tied layer, once its weights' gradient is that of all blocks: added to the table's.
  int finish_jobs() const override { return tied_ ? classes_.count() : 0; }
  void finish_job(int job, std::int64_t window, Real* gradient) const override;

  int width() const override { return classes_.units; }
  std::uint64_t step_bytes(int lanes) const override {
    return step_values(classes_.units, lanes) * sizeof(Real);
  }
  // Values of the logits of one time step.
  static std::size_t step_values(int classes, int lanes) {
    return step_distance(Panels{classes}.step_size(lanes));
  }

  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<double> weights) override;
  double loss(int t, int lane) const override {
    return losses_[static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
                   static_cast<std::size_t>(lane)];
  }
  double weight(const WindowView& window, int t, int lane) const override {
    return target_weight(*target(window, t, lane));
  }
  // Logits; where only pieces of them are kept, computed once more.
  void outputs(int t, int lane, std::span<Real> out) const override;
  std::int32_t likeliest(int t, int lane) const override {
    return likeliest_[static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
                      static_cast<std::size_t>(lane)];
  }

 private:
  // How the window's logits are divided.
  struct Pieces {
    Pieces(int classes, const PassShape& shape);
    int times = 0;         // of a piece; 0: the whole window's logits are kept
    int panels = 0;        // of a part, at most
    std::size_t size = 0;  // values that the buffer holds
  };
  bool in_pieces() const { return pieces_.times > 0; }
  LinearProducts<Real> products() const;
  void forward_pieces(const WindowView& window, LaneRange lanes);
  void backward_part(const WindowView& window, LaneRange lanes);
  // The stretch `chain` of the gradient at the input, from the gradients of the classes from
  // `first_class` on that are in memory.
  void input_gradient(std::span<const kernels::Stretch> chain, int first_class, std::size_t stride,
                      const WindowView& window, LaneRange lanes);
  void softmax(const WindowView& window, int t, LaneRange lanes, Real* logits);
  void keep_likeliest(int t, LaneRange lanes, const Real* logits);
  // Logits of some labels at a step; `gradient`: to be replaced by it.
  struct LabelLogits {
    Panels labels;
    int first = 0;
    Real* logits = nullptr;
    bool gradient = false;
  };
  void logistic(const WindowView& window, int t, LaneRange lanes, const LabelLogits& of,
                double* loss);
  // What a part's buffer holds: [t][panel][lane][width] of the classes of its panels.
  Panels part_classes() const;

  // Of a step of the whole window.
  double* losses_of(int t) {
    return losses_.data() + static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_);
  }
  double class_weight(std::int32_t target) const {
    return class_weights_.empty() ? 1.0 : class_weights_[static_cast<std::size_t>(target)];
  }
  // The word, or the words, of a lane's target at time t.
  const std::int32_t* target(const WindowView& window, int t, int lane) const {
    const int words = std::max(1, targets_.words);
    return window.tokens(targets_.column, words) +
           (window.row(t) + static_cast<std::size_t>(lane)) * static_cast<std::size_t>(words);
  }
  // Of a target by its first word; +0 where it is masked.
  double target_weight(std::int32_t first) const {
    return first < 0 ? 0.0 : targets_.words > 0 ? classes_.units : class_weight(first);
  }
  // Losses of a step, and the gradients at the logits of `classes`, by the weights of the targets.
  void weigh_losses(const std::int32_t* targets, double* losses, LaneRange lanes) const;
  void weigh_gradients(const std::int32_t* targets, LaneRange lanes, const Panels& classes,
                       Real* gradients) const;

  const Segment weights_;
  std::size_t table_;  // of a tied layer: where the table lies
  ClassTargets targets_;
  std::vector<double> class_weights_;
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
  int part_ = 0;                    // the part at work
  Buffer<Real> logits_;             // [t], or of a piece, or of a part
  Buffer<Real> maxima_, sums_;      // [t][lane], in pieces
  mutable Buffer<Real> again_;      // of a step, in pieces that are no training's
  Buffer<std::int32_t> likeliest_;  // [t][lane], where they are kept
  Buffer<double> losses_;           // [t of the whole window][lane]
  Buffer<double> block_loss_;       // [t][lane of a block]
};

}  // namespace rondo
