#include "model/projection.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

template <class Real>
Projection<Real>::Projection(const Segment& weights, const Real* parameters, const PassShape& shape,
                             Allocations& memory)
    : weights_(weights),
      units_{weights.columns},
      outputs_{weights.units},
      lanes_(shape.lanes),
      step_(shape.training ? step_distance(units_.step_size(shape.lanes)) : 0),
      units_chain_(activation_chain(units_, shape.lanes)),
      outputs_chain_(activation_chain(outputs_, shape.lanes)),
      packed_(weights, values_of(weights, parameters), shape.training, memory),
      cell_outputs_(memory.make<Real>(
          MemoryUse::activations, step_distance(units_.step_size(shape.lanes)) *
                                      static_cast<std::size_t>(shape.training ? shape.times : 1))) {
}

template <class Real>
void Projection<Real>::forward(int t, LaneRange lanes, const std::uint8_t* reset_next, Real* hidden,
                               Real* state) {
  for (int p = 0; p < outputs_.count(); ++p) {
    const std::size_t panel = outputs_.offset(p, lanes_);
    kernels::Product<Real> product;
    product.chain = units_chain_;
    product.source = cell_output(t);
    packed_.set_forward(p, 0, product);
    product.start = kernels::Start::zero;
    product.flush = true;
    product.out = hidden + panel;
    product.lane_begin = lanes.begin;
    product.lane_end = lanes.end;
    kernels::multiply(product);
    const auto width = static_cast<std::size_t>(outputs_.width(p));
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      const std::size_t row = panel + static_cast<std::size_t>(lane) * width;
      const bool reset = reset_next != nullptr && reset_next[lane] != 0;
      reset ? std::fill_n(state + row, width, Real{0})
            : std::copy_n(hidden + row, width, state + row);
    }
  }
}

template <class Real>
void Projection<Real>::backward(const Real* hidden_gradient, int j, LaneRange lanes,
                                Real* units_gradient) const {
  kernels::Product<Real> product;
  product.chain = outputs_chain_;
  product.source = hidden_gradient;
  packed_.set_backward(j, product);
  product.start = kernels::Start::zero;
  product.flush = true;
  product.out = units_gradient;
  product.lane_begin = lanes.begin;
  product.lane_end = lanes.end;
  kernels::multiply(product);
}

template <class Real>
void Projection<Real>::gradient_job(int job, const Real* hidden_gradient, std::size_t stride,
                                    int times, const GradientSums<Real>& sums) const {
  const Real* const gradient = hidden_gradient + outputs_.offset(job, lanes_);
  accumulate_weight_gradient<Real>(weights_, job, 0, {units_chain_, cell_outputs_.data(), step_},
                                   {&gradient, 1}, stride, times, sums);
}

template class Projection<float>;
template class Projection<double>;

}  // namespace rondo
