#include "model/recurrent/pieces/elementwise.hpp"

namespace rondo {
namespace {

// A panel of an array; null where there is none.
template <class Value>
Value* panel_of(Value* array, std::size_t offset) {
  return array == nullptr ? nullptr : array + offset;
}

}  // namespace

// What both directions are told.
template <class Real>
template <class Step>
Step Elementwise<Real>::told(const StepView<Real>& view, int j) const {
  const std::size_t panel = shape_.units.offset(j, shape_.lanes);
  Step step;
  step.width = shape_.units.width(j);
  step.valid = shape_.units.valid(j);
  step.lane_begin = view.lanes.begin;
  step.lane_end = view.lanes.end;
  step.gates = view.gates + shape_.units.offset(j, 0, shape_.cell.slots, shape_.lanes);
  step.slot_stride = static_cast<std::size_t>(shape_.lanes) * static_cast<std::size_t>(step.width);
  step.reset = view.resets;
  step.previous_hidden = panel_of(view.state, panel);
  step.previous_cell = panel_of(view.cell, panel);
  step.cell = panel_of(view.made_cell, panel);
  if (peepholes_) step.diagonals = peepholes_->weights(j);
  return step;
}

template <class Real>
void Elementwise<Real>::forward(const StepView<Real>& view, int j) const {
  const std::size_t panel = shape_.units.offset(j, shape_.lanes);
  auto step = told<kernels::CellForward<Real>>(view, j);
  step.reset_next = view.resets_next;
  step.hidden = view.hidden + panel;
  step.state = view.next_state + panel;
  shape_.cell.forward(step);
}

template <class Real>
void Elementwise<Real>::backward(const StepView<Real>& view, const StepGradients<Real>& gradients,
                                 int j) const {
  const std::size_t panel = shape_.units.offset(j, shape_.lanes);
  auto step = told<kernels::CellBackward<Real>>(view, j);
  step.cell_gradient = panel_of(gradients.cell, panel);
  step.hidden_gradient = gradients.hidden + panel;
  step.from_above = panel_of(gradients.above, panel);
  step.next_hidden_gradient = gradients.next_hidden + panel;
  shape_.cell.backward(step);
}

template class Elementwise<float>;
template class Elementwise<double>;

}  // namespace rondo
