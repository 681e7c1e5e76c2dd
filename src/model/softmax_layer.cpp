#include "model/softmax_layer.hpp"

#include "model/chains.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/kernels/math.hpp"
#include "rondo/kernels/softmax.hpp"

namespace rondo {

SoftmaxSegments add_softmax_layer(ParameterLayout& layout, int classes, int inputs) {
  Segment weights;
  weights.name = "output.weight";
  weights.units = classes;
  weights.columns = inputs;
  weights.meaning = "one row a class";
  Segment bias = weights;
  bias.name = "output.bias";
  bias.columns = 1;
  bias.vector = true;
  return {layout.add(weights), layout.add(bias)};
}

template <class Real>
SoftmaxLayer<Real>::SoftmaxLayer(const ParameterLayout& layout, const SoftmaxSegments& segments,
                                 const Real* parameters, Activations<Real> below,
                                 Activations<Real> below_gradient, const PassShape& shape)
    : weights_(layout[segments.weights]),
      bias_(layout[segments.bias]),
      parameters_(parameters),
      packed_(weights_, parameters, shape.training),
      below_(below),
      below_gradient_(below_gradient),
      classes_{weights_.units},
      lanes_(shape.lanes),
      training_(shape.training),
      step_(step_distance(classes_.step_size(shape.lanes))),
      chain_(activation_chain(below.panels, shape.lanes)),
      classes_chain_(activation_chain(classes_, shape.lanes)),
      logits_(step_ * static_cast<std::size_t>(shape.times)),
      losses_(static_cast<std::size_t>(shape.times) * static_cast<std::size_t>(shape.lanes)),
      block_loss_(losses_.size()) {}

template <class Real>
std::pair<std::size_t, std::size_t> SoftmaxLayer<Real>::segment_range() const {
  return {weights_.offset, bias_.offset + bias_.size};
}

template <class Real>
void SoftmaxLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  for (int p = 0; p < classes_.count(); ++p) {
    kernels::Product<Real> product;
    product.chain = chain_;
    product.source = below_.data;
    product.source_stride = below_.stride;
    packed_.set_forward(p, 0, product);
    product.bias = parameters_ + bias_.offset + bias_.panel(p, 0);
    product.start = kernels::Start::bias;
    product.out = logits_.data() + classes_.offset(p, lanes_);
    product.out_stride = step_;
    product.times = window.times;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
  for (int t = 0; t < window.times; ++t) {
    const std::size_t row = static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_);
    kernels::SoftmaxStep<Real> step;
    step.classes = classes_;
    step.lanes = lanes_;
    step.lane_begin = lanes.begin;
    step.lane_end = lanes.end;
    step.logits = logits_.data() + static_cast<std::size_t>(t) * step_;
    step.target = window.targets + row;
    step.loss = losses_.data() + row;
    step.gradient = training_;
    kernels::softmax_cross_entropy(step);
  }
}

template <class Real>
void SoftmaxLayer<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  for (int p = 0; p < below_.panels.count(); ++p) {
    kernels::Product<Real> product;
    product.chain = classes_chain_;
    product.source = logits_.data();
    product.source_stride = step_;
    packed_.set_backward(p, product);
    product.flush = true;
    product.out = below_gradient_.data + below_.panels.offset(p, lanes_);
    product.out_stride = below_gradient_.stride;
    product.times = window.times;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
}

template <class Real>
void SoftmaxLayer<Real>::gradient_task(int task, const WindowView& window,
                                       const GradientSums<Real>& sums) {
  const int panel = task % classes_.count();
  const Real* gradient = logits_.data() + classes_.offset(panel, lanes_);
  if (task < classes_.count()) {
    accumulate_weight_gradient<Real>(weights_, panel, 0, {chain_, below_.data, below_.stride},
                                     gradient, step_, window.times, sums);
  } else {
    accumulate_bias_gradient<Real>(bias_, panel, 0, gradient, step_, window.times, sums);
  }
}

template <class Real>
std::size_t SoftmaxLayer<Real>::final_after(int tasks) const {
  const int panels = classes_.count();
  if (tasks < panels) return weights_.panel(tasks, 0);
  const std::size_t bias = bias_.offset - weights_.offset;
  return bias + (tasks < 2 * panels ? bias_.panel(tasks - panels, 0) : bias_.size);
}

template <class Real>
void SoftmaxLayer<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                      std::span<std::int64_t> targets) {
  for (std::size_t b = 0; b < losses.size(); ++b) {
    std::size_t i = 0;
    targets[b] = 0;
    for (int t = 0; t < window.times; ++t) {
      const std::size_t row = static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
                              b * static_cast<std::size_t>(block);
      for (int lane = 0; lane < block; ++lane) {
        block_loss_[i++] = losses_[row + static_cast<std::size_t>(lane)];
        targets[b] += window.targets[row + static_cast<std::size_t>(lane)] >= 0;
      }
    }
    losses[b] = kernels::sum(std::span<const double>(block_loss_.data(), i));
  }
}

template <class Real>
void SoftmaxLayer<Real>::logits(int t, int lane, std::span<Real> out) const {
  const Real* step = logits_.data() + static_cast<std::size_t>(t) * step_;
  for (int c = 0; c < classes_.units; ++c) {
    out[static_cast<std::size_t>(c)] = step[classes_.index(lane, c, lanes_)];
  }
}

template class SoftmaxLayer<float>;
template class SoftmaxLayer<double>;

}  // namespace rondo
