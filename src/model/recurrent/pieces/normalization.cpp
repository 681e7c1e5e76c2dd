#include "model/recurrent/pieces/normalization.hpp"

#include "model/weight_gradient.hpp"

namespace rondo {

template <class Real>
Normalization<Real>::Normalization(const Segment& gains, const Segment& biases,
                                   const Real* parameters, const LayerShape<Real>& shape,
                                   const PassShape& pass, Allocations& memory)
    : gains_(gains), biases_(biases), parameters_(parameters), shape_(shape) {
  const int vectors = shape.cell.normalized;
  const std::size_t step = VectorSteps<Real>::distance(shape.units, vectors, shape.lanes);
  const std::size_t scales =
      static_cast<std::size_t>(vectors) * static_cast<std::size_t>(shape.lanes);
  const std::size_t kept = pass.training ? static_cast<std::size_t>(pass.times) : 1;
  normal_ = memory.make<Real>(MemoryUse::activations, step * kept);
  activated_ = memory.make<Real>(MemoryUse::activations, step * kept);
  scales_ = memory.make<Real>(MemoryUse::activations, scales * kept);
  scales_step_ = pass.training ? scales : 0;
  const std::size_t stride = pass.training ? step : 0;
  normal_view_ = {normal_.data(), stride, shape.units, vectors, shape.lanes};
  activated_view_ = {activated_.data(), stride, shape.units, vectors, shape.lanes};
}

// What both directions are told.
template <class Real>
template <class Step>
Step Normalization<Real>::told(const StepView<Real>& view) {
  Step step;
  step.units = shape_.units;
  step.lanes = shape_.lanes;
  step.lane_begin = view.lanes.begin;
  step.lane_end = view.lanes.end;
  step.gains = parameters_ + gains_.offset;
  step.gates = view.gates;
  step.normal = normal_view_.at(view.t);
  step.activated = activated_view_.at(view.t);
  step.scales = scales_.data() + static_cast<std::size_t>(view.t) * scales_step_;
  step.reset = view.resets;
  step.previous_hidden = view.state;
  step.previous_cell = view.cell;
  return step;
}

template <class Real>
void Normalization<Real>::forward(const StepView<Real>& view) {
  auto step = told<kernels::NormalizedForward<Real>>(view);
  step.biases = parameters_ + biases_.offset;
  step.reset_next = view.resets_next;
  step.hidden = view.hidden;
  step.state = view.next_state;
  step.cell = view.made_cell;
  shape_.cell.normalized_forward(step);
}

template <class Real>
void Normalization<Real>::backward(const StepView<Real>& view,
                                   const StepGradients<Real>& gradients) {
  auto step = told<kernels::NormalizedBackward<Real>>(view);
  step.cell_gradient = gradients.cell;
  step.hidden_gradient = gradients.hidden;
  step.from_above = gradients.above;
  step.next_hidden_gradient = gradients.next_hidden;
  shape_.cell.normalized_backward(step);
}

template <class Real>
void Normalization<Real>::gradient_job(int job, const TimeOrder& order,
                                       const GradientSums<Real>& sums) const {
  for (int number = 0; number < normal_view_.vectors; ++number) {
    kernels::DiagonalSum<Real> sum;
    sum.source = normal_view_.at(0, job, number);
    sum.source_stride = normal_view_.stride;
    sum.gradient = activated_view_.at(0, job, number);
    sum.gradient_stride = activated_view_.stride;
    accumulate_diagonal_gradient(gains_, job, number, sum, order, sums);
  }
}

template class Normalization<float>;
template class Normalization<double>;

}  // namespace rondo
