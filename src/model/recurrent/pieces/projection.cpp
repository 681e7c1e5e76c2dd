#include "model/recurrent/pieces/projection.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "model/lane_rows.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

template <class Real>
Projection<Real>::Projection(const Segment& weights, const Real* parameters,
                             const LayerShape<Real>& shape, const WindowSteps<Real>& steps,
                             const PassShape& pass, Allocations& memory)
    : weights_(weights),
      shape_(shape),
      steps_(steps),
      units_chain_(activation_chain(shape.units, shape.lanes)),
      outputs_chain_(activation_chain(shape.outputs, shape.lanes)),
      packed_(weights, values_of(weights, parameters), pass.training, memory),
      made_step_(pass.training ? shape.step : 0),
      made_(
          memory.make<Real>(MemoryUse::activations,
                            shape.step * static_cast<std::size_t>(pass.training ? pass.times : 1))),
      made_gradient_(memory.make<Real>(MemoryUse::activations, pass.training ? shape.step : 0)) {}

template <class Real>
StepView<Real> Projection<Real>::step_of_cell(const StepView<Real>& step) {
  StepView<Real> inner = step;
  inner.state = nullptr;
  inner.hidden = inner.next_state = made(step.t);
  inner.resets_next = nullptr;
  return inner;
}

template <class Real>
StepGradients<Real> Projection<Real>::gradients_of_cell(const StepGradients<Real>& gradients) {
  StepGradients<Real> inner = gradients;
  inner.hidden = inner.next_hidden = made_gradient_.data();
  inner.above = nullptr;
  return inner;
}

template <class Real>
void Projection<Real>::forward(const StepView<Real>& step) {
  const Panels& outputs = shape_.outputs;
  for (int p = 0; p < outputs.count(); ++p) {
    const std::size_t panel = outputs.offset(p, shape_.lanes);
    kernels::Product<Real> product;
    product.chain = units_chain_;
    product.source = made(step.t);
    packed_.set_forward(p, 0, product);
    product.start = kernels::Start::zero;
    product.flush = true;
    product.out = step.hidden + panel;
    product.lane_begin = step.lanes.begin;
    product.lane_end = step.lanes.end;
    kernels::multiply(product);
    const auto width = static_cast<std::size_t>(outputs.width(p));
    for (int lane = step.lanes.begin; lane < step.lanes.end; ++lane) {
      const std::size_t row = panel + static_cast<std::size_t>(lane) * width;
      const bool reset = step.resets_next != nullptr && step.resets_next[lane] != 0;
      reset ? std::fill_n(step.next_state + row, width, Real{0})
            : std::copy_n(step.hidden + row, width, step.next_state + row);
    }
  }
}

template <class Real>
void Projection<Real>::backward(const StepView<Real>& step, const StepGradients<Real>& gradients,
                                int j) {
  kernels::Product<Real> product;
  product.chain = outputs_chain_;
  product.source = gradients.hidden;
  packed_.set_backward(j, product);
  product.start = kernels::Start::zero;
  product.flush = true;
  product.out = made_gradient_.data() + shape_.units.offset(j, shape_.lanes);
  product.lane_begin = step.lanes.begin;
  product.lane_end = step.lanes.end;
  kernels::multiply(product);
}

template <class Real>
void Projection<Real>::gradient_job(int job, const TimeOrder& order,
                                    const GradientSums<Real>& sums) const {
  const Activations<Real> above = steps_.output_gradient();
  const Real* const gradient = above.data + shape_.outputs.offset(job, shape_.lanes);
  accumulate_weight_gradient<Real>(weights_, job, 0, {units_chain_, made_.data(), made_step_},
                                   {&gradient, 1}, above.stride, order, sums);
}

template class Projection<float>;
template class Projection<double>;

}  // namespace rondo
