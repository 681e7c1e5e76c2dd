#include "model/heads/attention_pool.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "model/lane_rows.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo {

AttentionPoolSegments add_attention_pool(ParameterLayout& layout, int width) {
  Segment weights;
  weights.name = "pool.weight";
  weights.role = Segment::Role::attention_weights;
  weights.units = weights.columns = width;
  Segment bias = weights;
  bias.name = "pool.bias";
  bias.role = Segment::Role::attention_bias;
  bias.columns = 1;
  bias.vector = true;
  Segment score = weights;
  score.name = "pool.score";
  score.units = 1;
  score.meaning = "v of a step's score v . tanh(W h + b)";
  const std::size_t first = layout.add(weights);
  const std::size_t second = layout.add(bias);
  return {first, second, layout.add(score)};
}

template <class Real>
AttentionPool<Real>::AttentionPool(const ParameterLayout& layout,
                                   const AttentionPoolSegments& segments, const Real* parameters,
                                   Activations<Real> below, Activations<Real> below_gradient,
                                   bool goes_on, const PassShape& shape, Allocations& memory)
    : weights_(layout[segments.weights]),
      bias_(layout[segments.bias]),
      score_(layout[segments.score]),
      parameters_(parameters),
      packed_(weights_, values_of(weights_, parameters), shape.training, memory),
      packed_score_(score_, values_of(score_, parameters), shape.training, memory),
      below_(below),
      below_gradient_(below_gradient),
      lanes_(shape.lanes),
      goes_on_(goes_on),
      score_stride_(step_distance(Panels{1}.step_size(shape.lanes))),
      chain_(activation_chain(below.panels, shape.lanes)),
      score_chain_(activation_chain(Panels{1}, shape.lanes)) {
  const auto times = static_cast<std::size_t>(shape.times);
  const std::size_t size = below.stride * times;
  units_ = memory.make<Real>(MemoryUse::activations, size);
  scores_ = memory.make<Real>(MemoryUse::activations, score_stride_ * times);
  output_ = memory.make<Real>(MemoryUse::activations, size);
  if (!shape.training) return;
  units_gradient_ = memory.make<Real>(MemoryUse::activations, size);
  gradient_ = memory.make<Real>(MemoryUse::activations, size);
}

template <class Real>
template <class Body>
void AttentionPool<Real>::for_each_span(const WindowView& window, LaneRange lanes, Body body) {
  const WindowView own = window.of_lanes(lanes.begin, lanes.end);
  for (const Span& span : own.spans()) {
    kernels::Attended<Real> attended;
    attended.units = below_.panels;
    attended.lanes = lanes_;
    attended.lane = span.lane - window.rank_lane;
    attended.positions = span.length;
    attended.states = below_.at(span.first);
    attended.state_stride = below_.stride;
    attended.scores = scores(span.first);
    attended.score_stride = score_stride_;
    body(span, attended);
  }
}

template <class Real>
void AttentionPool<Real>::make_scores(const WindowView& window, LaneRange lanes) {
  const Panels& units = below_.panels;
  for (int p = 0; p < units.count(); ++p) {
    kernels::Product<Real> product;
    product.chain = chain_;
    product.source = below_.data;
    product.source_stride = below_.stride;
    packed_.set_forward(p, 0, product);
    product.bias = parameters_ + bias_.offset + bias_.panel(p, 0);
    product.start = kernels::Start::bias;
    product.out = units_.data() + units.offset(p, lanes_);
    product.out_stride = below_.stride;
    product.times = window.times;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
    const auto width = static_cast<std::size_t>(units.width(p));
    const std::size_t first = static_cast<std::size_t>(lanes.begin) * width;
    const std::size_t size = static_cast<std::size_t>(lanes.end - lanes.begin) * width;
    for (int t = 0; t < window.times; ++t) {
      const std::span<Real> rows{product.out + static_cast<std::size_t>(t) * below_.stride + first,
                                 size};
      kernels::tanh<Real>(rows, rows);
      kernels::flush_small(rows);
    }
  }
  kernels::Product<Real> product;
  product.chain = chain_;
  product.source = units_.data();
  product.source_stride = below_.stride;
  packed_score_.set_forward(0, 0, product);
  product.out = scores_.data();
  product.out_stride = score_stride_;
  product.times = window.times;
  product.lane_begin = lanes.begin;
  product.lane_end = lanes.end;
  kernels::multiply(product);
}

template <class Real>
void AttentionPool<Real>::forward(const WindowView& window, LaneRange lanes) {
  make_scores(window, lanes);
  clear_rows(output(), window.times, lanes_, lanes);
  for (int t = 0; t < window.times; ++t) {
    // Where no span is, nothing is kept that would come back as a gradient.
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      if (window.drawn_by(t, lane).sequence >= 0) continue;
      scores(t)[Panels{1}.index(lane, 0, lanes_)] = 0;
    }
  }
  for_each_span(window, lanes, [&](const Span& span, const kernels::Attended<Real>& attended) {
    kernels::attend(attended, output().at(span.last()));
  });
}

template <class Real>
void AttentionPool<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  if (!goes_on_) clear_rows(below_gradient_, window.times, lanes_, lanes);
  for_each_span(window, lanes, [&](const Span& span, const kernels::Attended<Real>& attended) {
    kernels::attend_backward(attended, output_gradient().at(span.last()),
                             below_gradient_.at(span.first), below_gradient_.stride);
  });
  finish_backward(window, lanes);
}

template <class Real>
void AttentionPool<Real>::finish_backward(const WindowView& window, LaneRange lanes) {
  const Panels& units = below_.panels;
  for (int p = 0; p < units.count(); ++p) {
    kernels::Product<Real> product;
    product.chain = score_chain_;
    product.source = scores_.data();
    product.source_stride = score_stride_;
    packed_score_.set_backward(p, product);
    product.out = units_gradient_.data() + units.offset(p, lanes_);
    product.out_stride = below_.stride;
    product.times = window.times;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
  for (int t = 0; t < window.times; ++t) {
    const std::size_t step = static_cast<std::size_t>(t) * below_.stride;
    for_each_row(units, lanes_, lanes, [&](int, int, std::size_t at, std::size_t width) {
      Real* const gradient = units_gradient_.data() + step + at;
      const Real* const values = units_.data() + step + at;
      for (std::size_t u = 0; u < width; ++u) {
        gradient[u] = flushed(gradient[u] * (1 - values[u] * values[u]));
      }
    });
  }
  constexpr int rows = 256;  // (time, lane) for which the weights of a part are fetched once
  const int together = std::max(1, rows / (lanes.end - lanes.begin));
  for_each_part(chain_, 0, rows, [&](const ChainPiece& part) {
    for (int begin = 0; begin < window.times; begin += together) {
      for (int p = 0; p < units.count(); ++p) {
        kernels::Product<Real> product;
        product.source = units_gradient_.data() + static_cast<std::size_t>(begin) * below_.stride;
        product.source_stride = below_.stride;
        product.start = kernels::Start::resume;
        packed_.set_backward(p, part, product);
        product.out = below_gradient_.at(begin) + units.offset(p, lanes_);
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
std::size_t AttentionPool<Real>::final_after(int jobs) const {
  if (jobs < below_.panels.count()) return weights_.panel(jobs, 0);
  const std::size_t end =
      jobs == below_.panels.count() ? bias_.offset + bias_.size : score_.offset + score_.size;
  return end - weights_.offset;
}

template <class Real>
void AttentionPool<Real>::gradient_job(int job, const WindowView& window,
                                       const GradientSums<Real>& sums) {
  if (job == below_.panels.count()) {
    const Real* const gradient = scores_.data();
    accumulate_weight_gradient<Real>(score_, 0, 0, {chain_, units_.data(), below_.stride},
                                     {&gradient, 1}, score_stride_, {window.times}, sums);
    return;
  }
  const Real* const gradient = units_gradient_.data() + below_.panels.offset(job, lanes_);
  accumulate_weight_gradient<Real>(weights_, job, 0, {chain_, below_.data, below_.stride},
                                   {&gradient, 1}, below_.stride, {window.times}, sums);
  accumulate_bias_gradient<Real>(bias_, job, 0, gradient, below_.stride, {window.times}, sums);
}

template <class Real>
void AttentionPool<Real>::pack_job(int job) {
  const int first = packed_.pack_jobs();
  job < first ? packed_.pack_job(job) : packed_score_.pack_job(job - first);
}

template class AttentionPool<float>;
template class AttentionPool<double>;

}  // namespace rondo
