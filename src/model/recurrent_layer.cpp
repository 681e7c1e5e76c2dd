#include "model/recurrent_layer.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

std::size_t end_of(const Segment& segment) { return segment.offset + segment.size; }

// Time steps whose products with the input's weights are made together: enough rows, (time, lane),
// to reuse each piece of weights while the next one is fetched, few enough for their gates to be
// in the second cache still when the recurrent steps, before or after, work on them.
int steps_together(LaneRange lanes) {
  constexpr int rows = 128;
  return std::max(1, rows / (lanes.end - lanes.begin));
}

// Even steps pass over the panels of a recurrent matrix from the first to the last, odd ones back:
// where it is larger than the second cache, what a step has read last is there still for the next.
// The panel that comes as the i-th at step t,
int there_and_back(int t, int i, int count) { return t % 2 == 0 ? i : count - 1 - i; }
// and the one that comes after `panel`, which may be the same at the next step.
int after(int t, int panel, int count) {
  return std::clamp(t % 2 == 0 ? panel + 1 : panel - 1, 0, count - 1);
}

}  // namespace

template <class Real>
RecurrentLayer<Real>::RecurrentLayer(const ParameterLayout& layout,
                                     const RecurrentSegments& segments, const Cell<Real>& cell,
                                     int layer, const Real* parameters, Activations<Real> below,
                                     Activations<Real> below_gradient, const PassShape& shape,
                                     Allocations& memory, const RecurrentOptions& options,
                                     const DistinctRows<Real>* tokens)
    : cell_(cell),
      input_weights_(layout[segments.input_weights]),
      recurrent_weights_(layout[segments.recurrent_weights]),
      bias_(layout[segments.bias]),
      last_(layout[segments.last]),
      end_(end_of(layout[segments.initial.empty() ? segments.last : segments.initial.back()])),
      layer_(layer),
      parameters_(parameters),
      below_(below),
      below_gradient_(below_gradient),
      input_gradient_start_(options.resumes_input_gradient ? kernels::Start::resume
                                                           : kernels::Start::zero),
      units_{recurrent_weights_.units},
      outputs_{recurrent_weights_.columns},
      lanes_(shape.lanes),
      step_(step_distance(units_.step_size(shape.lanes))),
      output_step_(step_distance(outputs_.step_size(shape.lanes))),
      gates_step_(
          step_distance(units_.step_size(shape.lanes) * static_cast<std::size_t>(cell.slots))),
      normal_step_(
          step_distance(units_.step_size(shape.lanes) * static_cast<std::size_t>(cell.normalized))),
      scales_step_(static_cast<std::size_t>(cell.normalized) *
                   static_cast<std::size_t>(shape.lanes)),
      input_chain_(activation_chain(below.panels, shape.lanes)),
      recurrent_chain_(activation_chain(outputs_, shape.lanes)),
      input_gates_chain_(gates_chain(units_, cell.slots, cell.input_slots, shape.lanes)),
      recurrent_gates_chain_(gates_chain(units_, cell.slots, cell.recurrent_slots, shape.lanes)),
      chain_start_(cell.normalized > 0 ? kernels::Start::zero : kernels::Start::bias),
      input_gates_(static_cast<std::size_t>(cell.slots), -1),
      weight_dropout_(options.weight_dropout, options.identity),
      drops_(shape.training && weight_dropout_.drops()),
      dropped_(memory.make<Real>(MemoryUse::weights, drops_ ? recurrent_weights_.size : 0)),
      packed_inputs_(input_weights_, values_of(input_weights_, parameters), shape.training, memory),
      packed_recurrent_(recurrent_weights_,
                        drops_ ? dropped_.data() : values_of(recurrent_weights_, parameters),
                        shape.training, memory),
      zoneout_hidden_(options.zoneout, options.identity, Purpose::kept_hidden, outputs_, shape,
                      memory),
      zoneout_cell_(cell.has_cell_state ? options.zoneout_cell : 0, options.identity,
                    Purpose::kept_cell, units_, shape, memory),
      initial_hidden_(segments.initial.empty() ? nullptr : &layout[segments.initial[0]], parameters,
                      outputs_, shape, memory),
      initial_cell_(segments.initial.size() < 2 ? nullptr : &layout[segments.initial[1]],
                    parameters, units_, shape, memory),
      no_resets_(static_cast<std::size_t>(shape.lanes)),
      apart_(zoneout_cell_.on() || initial_cell_.trained()),
      made_step_(shape.training ? step_ : 0),
      carried_lanes_(shape.carried_lanes()),
      carried_hidden_(memory.make<Real>(MemoryUse::carried, outputs_.step_size(carried_lanes_))),
      carried_cell_(memory.make<Real>(MemoryUse::carried,
                                      cell.has_cell_state ? units_.step_size(carried_lanes_) : 0)) {
  if (tokens != nullptr) token_products_.emplace(*tokens, units_, input_weights_.groups, memory);
  if (cell.projects) projection_.emplace(last_, parameters, shape, memory);
  for (std::size_t gate = 0; gate < cell.input_slots.size(); ++gate) {
    input_gates_[static_cast<std::size_t>(cell.input_slots[gate])] = static_cast<int>(gate);
  }
  const auto times = static_cast<std::size_t>(shape.times);
  const auto values = [&](std::size_t size) {
    return memory.make<Real>(MemoryUse::activations, size);
  };
  gates_ = values(gates_step_ * times);
  hidden_ = values(output_step_ * times);
  state_ = values(output_step_ * (times + 1));
  if (cell.has_cell_state) cells_ = values(step_ * (times + 1));
  const std::size_t kept = shape.training ? times : 1;
  if (apart_) made_cells_ = values(step_ * kept);
  normal_ = values(normal_step_ * kept);
  activated_ = values(normal_step_ * kept);
  scales_ = values(scales_step_ * kept);
  if (!shape.training) {
    normal_step_ = scales_step_ = 0;
    return;
  }
  output_gradient_ = values(output_step_ * times);
  hidden_gradient_ = values(step_);
  if (cell.has_cell_state) cell_gradient_ = values(step_);
  saved_rows_ = values(output_step_);
  if (initial_hidden_.trained()) first_gradient_ = values(output_step_);
}

template <class Real>
std::pair<std::size_t, std::size_t> RecurrentLayer<Real>::segment_range() const {
  return {input_weights_.offset, end_};
}

template <class Real>
void RecurrentLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  const int together = steps_together(lanes);
  for (int first = 0; first < window.times; first += together) {
    const TimeRange times{first, std::min(first + together, window.times)};
    forward_inputs(times, lanes);
    for (int t = times.begin; t < times.end; ++t) forward_step(window, t, lanes);
  }
}

template <class Real>
void RecurrentLayer<Real>::forward_inputs(TimeRange times, LaneRange lanes) {
  for (int j = 0; j < units_.count(); ++j) {
    for (std::size_t gate = 0; gate < cell_.input_slots.size(); ++gate) {
      const int number = static_cast<int>(gate), s = cell_.input_slots[gate];
      if (has_token_products() && goes_on(s)) continue;
      kernels::Product<Real> product = input_product(j, number);
      if (has_token_products()) {
        token_products_->start(j, number, times.begin, product);  // an empty chain: the start alone
      } else {
        product.chain = input_chain_;
        product.source = below_.at(times.begin);
        product.source_stride = below_.stride;
      }
      product.out = slot(times.begin, j, s);
      product.out_stride = gates_step_;
      product.times = times.end - times.begin;
      product.lane_begin = lanes.begin;
      product.lane_end = lanes.end;
      kernels::multiply(product);
    }
  }
}

template <class Real>
kernels::Product<Real> RecurrentLayer<Real>::input_product(int j, int gate) const {
  kernels::Product<Real> product;
  packed_inputs_.set_forward(j, gate, product);
  product.bias = parameters_ + bias_.offset +
                 bias_.panel(j, cell_.input_slots[static_cast<std::size_t>(gate)]);
  product.start = chain_start_;
  return product;
}

template <class Real>
void RecurrentLayer<Real>::forward_step(const WindowView& window, int t, LaneRange lanes) {
  for (int i = 0; i < units_.count(); ++i) {
    const int j = there_and_back(t, i, units_.count());
    forward_recurrent(t, j, lanes);
    if (cell_.normalized == 0) forward_cell(window, t, j, lanes);
  }
  if (cell_.normalized > 0) forward_normalized(window, t, lanes);
  if (projection_) {
    projection_->forward(t, lanes, resets_after(window, t), hidden_.data() + hidden_at(t),
                         state_.data() + hidden_at(t + 1));
  }
  enter_next(window, t, lanes);
}

template <class Real>
void RecurrentLayer<Real>::forward_recurrent(int t, int j, LaneRange lanes) {
  const auto gates = static_cast<int>(cell_.recurrent_slots.size());
  for (int i = 0; i < gates; ++i) {
    const int gate = there_and_back(t, i, gates);
    const int s = cell_.recurrent_slots[static_cast<std::size_t>(gate)];
    const int next = after(t, j * gates + gate, units_.count() * gates);
    kernels::Product<Real> product;
    product.chain = recurrent_chain_;
    product.source = state_.data() + hidden_at(t);
    packed_recurrent_.set_forward(j, gate, product);
    product.next = packed_recurrent_.forward_panel(next / gates, next % gates);
    product.bias = parameters_ + bias_.offset + bias_.panel(j, s);
    const int input = input_gates_[static_cast<std::size_t>(s)];
    if (input < 0) {
      product.start = chain_start_;
    } else if (has_token_products()) {
      token_products_->start(j, input, t, product);
    } else {
      product.start = kernels::Start::resume;
    }
    product.out = slot(t, j, s);
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
}

template <class Real>
void RecurrentLayer<Real>::backward(const WindowView& window, LaneRange lanes,
                                    BackwardListener& listener) {
  const int last = window.times - 1;
  for (int j = 0; j < units_.count(); ++j) {
    const auto width = static_cast<std::size_t>(units_.width(j));
    const std::size_t first =
        units_.offset(j, lanes_) + static_cast<std::size_t>(lanes.begin) * width;
    const std::size_t count = static_cast<std::size_t>(lanes.end - lanes.begin) * width;
    if (!projection_) {
      std::copy_n(output_gradient_.data() + at(last) + first, count,
                  hidden_gradient_.data() + first);
    }
    if (cell_.has_cell_state) std::fill_n(cell_gradient_.data() + first, count, Real{0});
  }
  const int together = steps_together(lanes);
  for (int end = window.times; end > 0; end -= together) {
    const TimeRange times{std::max(0, end - together), end};
    for (int t = times.end - 1; t >= times.begin; --t) {
      backward_step(window, t, lanes);
      if (goes_back(window, t, lanes)) backward_hidden(t, lanes);
      leave_step(window, t, lanes);
      listener.pause();
    }
    if (below_gradient_.data != nullptr) backward_inputs(times, lanes, listener);
  }
}

template <class Real>
void RecurrentLayer<Real>::backward_step(const WindowView& window, int t, LaneRange lanes) {
  divide_gradient(window, t, lanes);
  if (cell_.normalized > 0) {
    backward_normalized(window, t, lanes);
  } else {
    for (int j = 0; j < units_.count(); ++j) {
      if (projection_) {
        projection_->backward(hidden_gradient(t), j, lanes,
                              hidden_gradient_.data() + units_.offset(j, lanes_));
      }
      backward_cell(window, t, j, lanes);
    }
  }
  join_gradient(window, t, lanes);
}

// Adds the recurrent part to dh at t - 1. A lane that was reset at t gets none: its rows are kept
// aside (divide_gradient, leave_step), which is rare and cheap, so that the product needs no masks.
template <class Real>
void RecurrentLayer<Real>::backward_hidden(int t, LaneRange lanes) {
  for (int i = 0; i < outputs_.count(); ++i) {
    const int p = there_and_back(t, i, outputs_.count());
    kernels::Product<Real> product;
    product.chain = recurrent_gates_chain_;
    product.source = gates_.data() + static_cast<std::size_t>(t) * gates_step_;
    packed_recurrent_.set_backward(p, product);
    product.next = packed_recurrent_.backward_panel(after(t, p, outputs_.count()));
    product.start = kernels::Start::resume;
    product.flush = true;
    product.out = next_hidden_gradient(t) + outputs_.offset(p, lanes_);
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
  }
}

template <class Real>
void RecurrentLayer<Real>::backward_inputs(TimeRange times, LaneRange lanes,
                                           BackwardListener& listener) {
  const int rows = (times.end - times.begin) * (lanes.end - lanes.begin);
  for_each_part(input_gates_chain_, 0, rows, [&](const ChainPart& part) {
    for (int p = 0; p < below_.panels.count(); ++p) {
      kernels::Product<Real> product;
      product.source = slot(times.begin, 0, 0);
      product.source_stride = gates_step_;
      product.start = input_gradient_start_;
      packed_inputs_.set_backward(p, part, product);
      product.out = below_gradient_.at(times.begin) + below_.panels.offset(p, lanes_);
      product.out_stride = below_gradient_.stride;
      product.times = times.end - times.begin;
      product.lane_begin = lanes.begin;
      product.lane_end = lanes.end;
      kernels::multiply(product);
      listener.pause();
    }
  });
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace rondo
