#include "model/heads/softmax_layer.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/losses/logistic.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/products/packing.hpp"

namespace rondo {

namespace {

Segment weights_segment(int classes, int inputs) {
  Segment weights;
  weights.name = "output.weight";
  weights.role = Segment::Role::output_weights;
  weights.units = classes;
  weights.columns = inputs;
  weights.meaning = "one row a class";
  return weights;
}

Segment bias_segment(int classes) {
  Segment bias = weights_segment(classes, 1);
  bias.name = "output.bias";
  bias.role = Segment::Role::output_bias;
  bias.vector = true;
  return bias;
}

}  // namespace

SoftmaxSegments add_softmax_layer(ParameterLayout& layout, int classes, int inputs) {
  const std::size_t weights = layout.add(weights_segment(classes, inputs));
  return {weights, layout.add(bias_segment(classes))};
}

std::size_t add_softmax_bias(ParameterLayout& layout, int classes) {
  return layout.add(bias_segment(classes));
}

Segment tied_weights(const ParameterLayout& layout, int classes, int inputs) {
  ParameterLayout alone;
  Segment weights = alone[alone.add(weights_segment(classes, inputs))];
  weights.offset = layout.size();
  return weights;
}

template <class Real>
SoftmaxLayer<Real>::SoftmaxLayer(const ParameterLayout& layout, const SoftmaxSegments& segments,
                                 ClassTargets targets, const Real* parameters,
                                 Activations<Real> below, Activations<Real> below_gradient,
                                 const PassShape& shape, Allocations& memory, double smoothing,
                                 std::vector<double> class_weights)
    : weights_(segments.tied ? tied_weights(layout, layout[segments.weights].units,
                                            layout[segments.weights].columns)
                             : layout[segments.weights]),
      table_(layout[segments.weights].offset),
      targets_(targets),
      class_weights_(std::move(class_weights)),
      bias_(layout[segments.bias]),
      tied_(segments.tied),
      parameters_(parameters),
      packed_(segments.tied ? PackedWeights<Real>(weights_, layout[segments.weights], parameters,
                                                  shape.training, memory)
                            : PackedWeights<Real>(weights_, values_of(weights_, parameters),
                                                  shape.training, memory)),
      below_(below),
      below_gradient_(below_gradient),
      classes_{weights_.units},
      lanes_(shape.lanes),
      training_(shape.training),
      smoothing_(shape.training ? smoothing : 0.0, weights_.units),
      step_(step_values(classes_.units, shape.lanes)),
      chain_(activation_chain(below.panels, shape.lanes)),
      classes_chain_(activation_chain(classes_, shape.lanes)),
      pieces_(weights_.units, shape),
      logits_(memory.make<Real>(MemoryUse::logits, pieces_.size)) {
  const std::size_t rows =
      static_cast<std::size_t>(shape.times) * static_cast<std::size_t>(shape.lanes);
  const std::size_t losses =
      static_cast<std::size_t>(shape.longest_window()) * static_cast<std::size_t>(shape.lanes);
  losses_ = memory.make<double>(MemoryUse::logits, losses);
  block_loss_ = memory.make<double>(MemoryUse::logits, losses);
  if (shape.keeps_likeliest) {
    likeliest_ = memory.make<std::int32_t>(MemoryUse::logits, rows);
  }
  if (!in_pieces()) return;
  if (!shape.training) {
    again_ = memory.make<Real>(MemoryUse::logits, step_);
    return;
  }
  maxima_ = memory.make<Real>(MemoryUse::logits, rows);
  sums_ = memory.make<Real>(MemoryUse::logits, rows);
  part_ = parts() - 1;
  last_part_chain_ = activation_chain(part_classes(), lanes_);
  part_ = 0;
}

template <class Real>
std::pair<std::size_t, std::size_t> SoftmaxLayer<Real>::segment_range() const {
  if (tied_) return {bias_.offset, weights_.offset + weights_.size};
  return {weights_.offset, bias_.offset + bias_.size};
}

template <class Real>
LinearProducts<Real> SoftmaxLayer<Real>::products() const {
  return {packed_, &bias_, parameters_, below_, below_gradient_, chain_, classes_, lanes_};
}

template <class Real>
void SoftmaxLayer<Real>::softmax(const WindowView& window, int t, LaneRange lanes, Real* logits) {
  const std::size_t row = static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_);
  double* const losses = losses_of(window.first_time + t);
  if (!likeliest_.empty()) keep_likeliest(t, lanes, logits);
  if (targets_.words > 0) {
    return logistic(window, t, lanes, {classes_, 0, logits, training_ && !in_pieces()}, losses);
  }
  kernels::SoftmaxStep<Real> step;
  step.classes = classes_;
  step.lanes = lanes_;
  step.lane_begin = lanes.begin;
  step.lane_end = lanes.end;
  step.logits = logits;
  step.target = target(window, t, 0);
  step.loss = losses;
  step.smoothing = smoothing_;
  step.gradient = training_ && !in_pieces();
  if (training_ && in_pieces()) {
    step.maximum = maxima_.data() + row;
    step.sum = sums_.data() + row;
  }
  kernels::softmax_cross_entropy(step);
  if (class_weights_.empty()) return;
  weigh_losses(step.target, losses, lanes);
  if (step.gradient) weigh_gradients(step.target, lanes, classes_, logits);
}

// Classes ascend: of equals the first stays.
template <class Real>
void SoftmaxLayer<Real>::keep_likeliest(int t, LaneRange lanes, const Real* logits) {
  std::int32_t* const row =
      likeliest_.data() + static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_);
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    std::int32_t most = 0;
    for (int c = 1; c < classes_.units; ++c) {
      if (logits[classes_.index(lane, c, lanes_)] > logits[classes_.index(lane, most, lanes_)]) {
        most = c;
      }
    }
    row[lane] = most;
  }
}

template <class Real>
void SoftmaxLayer<Real>::logistic(const WindowView& window, int t, LaneRange lanes,
                                  const LabelLogits& of, double* loss) {
  kernels::LogisticStep<Real> step;
  step.labels = of.labels;
  step.first = of.first;
  step.lanes = lanes_;
  step.lane_begin = lanes.begin;
  step.lane_end = lanes.end;
  step.logits = of.logits;
  step.target = target(window, t, 0);
  step.words = targets_.words;
  step.loss = loss;
  step.gradient = of.gradient;
  kernels::logistic_cross_entropy(step);
}

template <class Real>
void SoftmaxLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  if (in_pieces()) return forward_pieces(window, lanes);
  products().forward(0, classes_.count(), 0, window.times, lanes, logits_.data(), step_);
  for (int t = 0; t < window.times; ++t) {
    softmax(window, t, lanes, logits_.data() + static_cast<std::size_t>(t) * step_);
  }
}

template <class Real>
void SoftmaxLayer<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  if (in_pieces()) return backward_part(window, lanes);
  input_gradient(classes_chain_, 0, step_, window, lanes);
}

template <class Real>
void SoftmaxLayer<Real>::input_gradient(std::span<const kernels::Stretch> chain, int first_class,
                                        std::size_t stride, const WindowView& window,
                                        LaneRange lanes) {
  products().backward(chain, first_class, logits_.data(), stride, window.times, lanes,
                      part_ + 1 == parts());
}

template <class Real>
void SoftmaxLayer<Real>::gradient_job(int job, const WindowView& window,
                                      const GradientSums<Real>& sums) {
  const int in_memory = in_pieces() ? job - part_ * pieces_.panels : job;
  const std::size_t stride = in_pieces() ? part_classes().step_size(lanes_) : step_;
  const Real* const gradient = logits_.data() + classes_.offset(in_memory, lanes_);
  accumulate_weight_gradient<Real>(weights_, job, 0, {chain_, below_.data, below_.stride},
                                   {&gradient, 1}, stride, {window.times}, sums);
  accumulate_bias_gradient<Real>(bias_, job, 0, gradient, stride, {window.times}, sums);
}

template <class Real>
std::size_t SoftmaxLayer<Real>::final_after(int jobs) const {
  // The bias is whole only at the end, and stands in front where the layer is tied.
  if (tied_) return jobs < classes_.count() ? 0 : bias_.size + weights_.size;
  const std::size_t bias_end = bias_.offset + bias_.size - weights_.offset;
  return jobs < classes_.count() ? weights_.panel(jobs, 0) : bias_end;
}

template <class Real>
void SoftmaxLayer<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                      std::span<double> weights) {
  for (std::size_t b = 0; b < losses.size(); ++b) {
    std::size_t i = 0;
    weights[b] = 0;
    for (int t = 0; t < window.times; ++t) {
      const std::size_t first = b * static_cast<std::size_t>(block);
      const double* loss = losses_of(t) + first;
      for (int lane = 0; lane < block; ++lane) {
        block_loss_[i++] = loss[lane];
        weights[b] += target_weight(*target(window, t, static_cast<int>(first) + lane));
      }
    }
    losses[b] = kernels::sum(std::span<const double>(block_loss_.data(), i));
  }
}

template <class Real>
void SoftmaxLayer<Real>::outputs(int t, int lane, std::span<Real> out) const {
  if (in_pieces())
    products().forward(0, classes_.count(), t, t + 1, {lane, lane + 1}, again_.data(), step_);
  const Real* const step =
      in_pieces() ? again_.data() : logits_.data() + static_cast<std::size_t>(t) * step_;
  for (int c = 0; c < classes_.units; ++c) {
    out[static_cast<std::size_t>(c)] = step[classes_.index(lane, c, lanes_)];
  }
}

template <class Real>
void SoftmaxLayer<Real>::weigh_losses(const std::int32_t* targets, double* losses,
                                      LaneRange lanes) const {
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    if (targets[lane] >= 0) losses[lane] *= class_weight(targets[lane]);
  }
}

template <class Real>
void SoftmaxLayer<Real>::weigh_gradients(const std::int32_t* targets, LaneRange lanes,
                                         const Panels& classes, Real* gradients) const {
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    const double weight = targets[lane] < 0 ? 1.0 : class_weight(targets[lane]);
    if (weight == 1.0) continue;
    for (int c = 0; c < classes.units; ++c) {
      Real& gradient = gradients[classes.index(lane, c, lanes_)];
      gradient = flushed(gradient * static_cast<Real>(weight));
    }
  }
}

template <class Real>
void SoftmaxLayer<Real>::finish_job(int job, std::int64_t, Real* gradient) const {
  const kernels::StoredWeights<Real> uses{classes_, 1, weights_.columns,
                                          gradient + weights_.offset};
  kernels::add_to_rows(uses, gradient + table_, job, job + 1);
}

template class SoftmaxLayer<float>;
template class SoftmaxLayer<double>;

}  // namespace rondo
