// What a recurrent layer's cell does between the products of a step, told of its arrays.
#include "model/recurrent_layer.hpp"

namespace rondo {

template <class Real>
template <class Step>
Step RecurrentLayer<Real>::cell_step(const WindowView& window, int t, int j, LaneRange lanes) {
  const std::size_t panel = units_.offset(j, lanes_);
  Step step;
  step.width = units_.width(j);
  step.valid = units_.valid(j);
  step.lane_begin = lanes.begin;
  step.lane_end = lanes.end;
  step.gates = slot(t, j, 0);
  step.slot_stride = static_cast<std::size_t>(lanes_) * static_cast<std::size_t>(step.width);
  step.reset = cell_resets(window, t);
  if (!projection_) step.previous_hidden = state_.data() + at(t) + panel;
  if (cell_.has_cell_state) {
    step.previous_cell = cells_.data() + at(t) + panel;
    step.cell = made_cell(t) + panel;
  }
  step.diagonals = peepholes(j);
  return step;
}

template <class Real>
void RecurrentLayer<Real>::forward_cell(const WindowView& window, int t, int j, LaneRange lanes) {
  auto step = cell_step<kernels::CellForward<Real>>(window, t, j, lanes);
  if (projection_) {
    // What the next step reads is made of it, with the next step's resets.
    step.state = step.hidden = projection_->cell_output(t) + units_.offset(j, lanes_);
  } else {
    step.reset_next = resets_after(window, t);
    step.hidden = hidden_.data() + at(t) + units_.offset(j, lanes_);
    step.state = state_.data() + at(t + 1) + units_.offset(j, lanes_);
  }
  cell_.forward(step);
}

template <class Real>
void RecurrentLayer<Real>::backward_cell(const WindowView& window, int t, int j, LaneRange lanes) {
  const std::size_t panel = units_.offset(j, lanes_);
  auto step = cell_step<kernels::CellBackward<Real>>(window, t, j, lanes);
  if (cell_.has_cell_state) step.cell_gradient = cell_gradient_.data() + panel;
  step.hidden_gradient = hidden_gradient_.data() + panel;
  const Real* const above = projection_ ? nullptr : above_gradient(t);
  if (above != nullptr) step.from_above = above + panel;
  step.next_hidden_gradient = hidden_gradient_.data() + panel;
  cell_.backward(step);
}

template <class Real>
template <class Step>
Step RecurrentLayer<Real>::normalized_step(const WindowView& window, int t, LaneRange lanes) {
  Step step;
  step.units = units_;
  step.lanes = lanes_;
  step.lane_begin = lanes.begin;
  step.lane_end = lanes.end;
  step.gains = parameters_ + last_.offset;
  step.gates = slot(t, 0, 0);
  step.normal = vector(normal_, t, 0, 0);
  step.activated = vector(activated_, t, 0, 0);
  step.scales = scales_.data() + static_cast<std::size_t>(t) * scales_step_;
  step.reset = cell_resets(window, t);
  step.previous_hidden = state_.data() + at(t);
  if (cell_.has_cell_state) step.previous_cell = cells_.data() + at(t);
  return step;
}

template <class Real>
void RecurrentLayer<Real>::forward_normalized(const WindowView& window, int t, LaneRange lanes) {
  auto step = normalized_step<kernels::NormalizedForward<Real>>(window, t, lanes);
  step.biases = parameters_ + bias_.offset;
  step.reset_next = resets_after(window, t);
  step.hidden = hidden_.data() + at(t);
  step.state = state_.data() + at(t + 1);
  if (cell_.has_cell_state) step.cell = made_cell(t);
  cell_.normalized_forward(step);
}

template <class Real>
void RecurrentLayer<Real>::backward_normalized(const WindowView& window, int t, LaneRange lanes) {
  auto step = normalized_step<kernels::NormalizedBackward<Real>>(window, t, lanes);
  if (cell_.has_cell_state) step.cell_gradient = cell_gradient_.data();
  step.hidden_gradient = hidden_gradient_.data();
  step.from_above = above_gradient(t);
  step.next_hidden_gradient = hidden_gradient_.data();
  cell_.normalized_backward(step);
}

template void RecurrentLayer<float>::forward_cell(const WindowView&, int, int, LaneRange);
template void RecurrentLayer<double>::forward_cell(const WindowView&, int, int, LaneRange);
template void RecurrentLayer<float>::forward_normalized(const WindowView&, int, LaneRange);
template void RecurrentLayer<double>::forward_normalized(const WindowView&, int, LaneRange);
template void RecurrentLayer<float>::backward_cell(const WindowView&, int, int, LaneRange);
template void RecurrentLayer<double>::backward_cell(const WindowView&, int, int, LaneRange);
template void RecurrentLayer<float>::backward_normalized(const WindowView&, int, LaneRange);
template void RecurrentLayer<double>::backward_normalized(const WindowView&, int, LaneRange);

}  // namespace rondo
