#include "model/heads/number_layer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/chains.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

NumberSegments add_number_layer(ParameterLayout& layout, int outputs, int inputs) {
  Segment weights;
  weights.name = "output.weight";
  weights.role = Segment::Role::output_weights;
  weights.units = outputs;
  weights.columns = inputs;
  weights.meaning = "one row a number that is said";
  Segment bias = weights;
  bias.name = "output.bias";
  bias.role = Segment::Role::output_bias;
  bias.columns = 1;
  bias.vector = true;
  const std::size_t first = layout.add(weights);
  return {first, layout.add(bias)};
}

template <class Real>
NumberLayer<Real>::NumberLayer(const ParameterLayout& layout, const NumberSegments& segments,
                               const NumberTargets& targets, kernels::NumberLoss loss,
                               const Real* parameters, Activations<Real> below,
                               Activations<Real> below_gradient, const PassShape& shape,
                               Allocations& memory)
    : weights_(layout[segments.weights]),
      bias_(layout[segments.bias]),
      targets_(targets),
      loss_(std::move(loss)),
      parameters_(parameters),
      packed_(weights_, values_of(weights_, parameters), shape.training, memory),
      below_(below),
      below_gradient_(below_gradient),
      outputs_{weights_.units},
      lanes_(shape.lanes),
      training_(shape.training),
      step_(step_distance(outputs_.step_size(shape.lanes))),
      chain_(activation_chain(below.panels, shape.lanes)),
      outputs_chain_(activation_chain(outputs_, shape.lanes)) {
  const auto times = static_cast<std::size_t>(shape.times);
  const std::size_t rows =
      static_cast<std::size_t>(shape.longest_window()) * static_cast<std::size_t>(shape.lanes);
  said_ = memory.make<Real>(MemoryUse::logits, step_ * times);
  losses_ = memory.make<double>(MemoryUse::logits, rows);
  block_loss_ = memory.make<double>(MemoryUse::logits, rows);
}

template <class Real>
void NumberLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  for (int p = 0; p < outputs_.count(); ++p) {
    kernels::Product<Real> product;
    product.chain = chain_;
    product.source = below_.data;
    product.source_stride = below_.stride;
    packed_.set_forward(p, 0, product);
    product.bias = parameters_ + bias_.offset + bias_.panel(p, 0);
    product.start = kernels::Start::bias;
    product.out = said_.data() + outputs_.offset(p, lanes_);
    product.out_stride = step_;
    product.times = window.times;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
  for (int t = 0; t < window.times; ++t) {
    kernels::NumberStep<Real> step;
    step.of = &loss_;
    step.width = targets_.width;
    step.lanes = lanes_;
    step.lane_begin = lanes.begin;
    step.lane_end = lanes.end;
    step.outputs = said_.data() + static_cast<std::size_t>(t) * step_;
    step.target = target(window, t, 0);
    step.loss = losses_.data() +
                static_cast<std::size_t>(window.first_time + t) * static_cast<std::size_t>(lanes_);
    step.gradient = training_;
    kernels::number_loss(step);
  }
}

template <class Real>
void NumberLayer<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  constexpr int rows = 256;  // (time, lane) for which the weights of a part are fetched once
  const int together = std::max(1, rows / (lanes.end - lanes.begin));
  for_each_part(std::span<const kernels::Stretch>(outputs_chain_), 0, rows,
                [&](const ChainPiece& part) {
                  for (int begin = 0; begin < window.times; begin += together) {
                    for (int p = 0; p < below_.panels.count(); ++p) {
                      kernels::Product<Real> product;
                      product.source = said_.data() + static_cast<std::size_t>(begin) * step_;
                      product.source_stride = step_;
                      packed_.set_backward(p, part, product);
                      product.out = below_gradient_.at(begin) + below_.panels.offset(p, lanes_);
                      product.out_stride = below_gradient_.stride;
                      product.times = std::min(together, window.times - begin);
                      product.lane_begin = lanes.begin;
                      product.lane_end = lanes.end;
                      kernels::multiply(product);
                    }
                  }
                });
}

template <class Real>
void NumberLayer<Real>::gradient_job(int job, const WindowView& window,
                                     const GradientSums<Real>& sums) {
  const Real* const gradient = said_.data() + outputs_.offset(job, lanes_);
  accumulate_weight_gradient<Real>(weights_, job, 0, {chain_, below_.data, below_.stride},
                                   {&gradient, 1}, step_, {window.times}, sums);
  accumulate_bias_gradient<Real>(bias_, job, 0, gradient, step_, {window.times}, sums);
}

template <class Real>
std::size_t NumberLayer<Real>::final_after(int jobs) const {
  return jobs < outputs_.count() ? weights_.panel(jobs, 0)
                                 : bias_.offset + bias_.size - weights_.offset;
}

template <class Real>
void NumberLayer<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                     std::span<double> weights) {
  for (std::size_t b = 0; b < losses.size(); ++b) {
    const int first = static_cast<int>(b) * block;
    std::size_t i = 0;
    weights[b] = 0;
    for (int t = 0; t < window.times; ++t) {
      for (int lane = first; lane < first + block; ++lane) {
        block_loss_[i++] = loss(t, lane);
        weights[b] += weight(window, t, lane);
      }
    }
    losses[b] = kernels::sum(std::span<const double>(block_loss_.data(), i));
  }
}

template <class Real>
double NumberLayer<Real>::weight(const WindowView& window, int t, int lane) const {
  const float* const own = target(window, t, lane);
  return static_cast<double>(
      std::count_if(own, own + targets_.width, [](float value) { return !std::isnan(value); }));
}

template <class Real>
void NumberLayer<Real>::outputs(int t, int lane, std::span<Real> out) const {
  const Real* const step = said_.data() + static_cast<std::size_t>(t) * step_;
  for (int i = 0; i < outputs_.units; ++i) {
    out[static_cast<std::size_t>(i)] = step[outputs_.index(lane, i, lanes_)];
  }
}

template class NumberLayer<float>;
template class NumberLayer<double>;

}  // namespace rondo
