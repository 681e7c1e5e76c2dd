#include "model/recurrent/input_products.hpp"

#include <algorithm>

#include "model/chains.hpp"

namespace rondo {

int steps_together(LaneRange lanes) {
  constexpr int rows = 128;
  return std::max(1, rows / (lanes.end - lanes.begin));
}

template <class Real>
InputProducts<Real>::InputProducts(const LayerShape<Real>& shape, const Segment& weights,
                                   const Segment& bias, const Real* parameters,
                                   Activations<Real> below, Activations<Real> below_gradient,
                                   kernels::Start gradient_start, const DistinctRows<Real>* tokens,
                                   const PassShape& pass, Allocations& memory, bool goes_on)
    : shape_(shape),
      bias_(bias),
      parameters_(parameters),
      below_(below),
      below_gradient_(below_gradient),
      start_(goes_on ? kernels::Start::resume : chain_start(shape.cell)),
      gradient_start_(gradient_start),
      chain_(activation_chain(below.panels, shape.lanes)),
      gates_chain_(gates_chain(shape.units, shape.cell.slots, shape.cell.input_slots, shape.lanes)),
      packed_(weights, values_of(weights, parameters), pass.training, memory) {
  if (tokens != nullptr) token_products_.emplace(*tokens, shape.units, weights.groups, memory);
}

template <class Real>
bool InputProducts<Real>::goes_on(int slot) const {
  const std::vector<int>& recurrent = shape_.cell.recurrent_slots;
  return std::find(recurrent.begin(), recurrent.end(), slot) != recurrent.end();
}

template <class Real>
kernels::Product<Real> InputProducts<Real>::product_of(int j, int gate) const {
  kernels::Product<Real> product;
  packed_.set_forward(j, gate, product);
  product.bias = parameters_ + bias_.offset +
                 bias_.panel(j, shape_.cell.input_slots[static_cast<std::size_t>(gate)]);
  product.start = start_;
  return product;
}

template <class Real>
void InputProducts<Real>::forward(TimeRange times, LaneRange lanes, const VectorSteps<Real>& gates,
                                  const TokenProducts<Real>* before) const {
  const TokenProducts<Real>* const made = tokens();
  for (int j = 0; j < shape_.units.count(); ++j) {
    for (std::size_t gate = 0; gate < shape_.cell.input_slots.size(); ++gate) {
      const int number = static_cast<int>(gate), slot = shape_.cell.input_slots[gate];
      if (made != nullptr && goes_on(slot)) continue;
      kernels::Product<Real> product = product_of(j, number);
      if (made != nullptr) {
        made->start(j, number, times.begin, product);  // an empty chain: the start alone
      } else {
        product.chain = chain_;
        product.source = below_.at(times.begin);
        product.source_stride = below_.stride;
        if (before != nullptr && goes_on(slot)) before->start(j, number, times.begin, product);
      }
      product.out = gates.at(times.begin, j, slot);
      product.out_stride = gates.stride;
      product.times = times.end - times.begin;
      product.lane_begin = lanes.begin;
      product.lane_end = lanes.end;
      kernels::multiply(product);
    }
  }
}

template <class Real>
void InputProducts<Real>::token_job(int job) {
  if (!token_products_->listed()) return;
  for (int gate = 0; gate < static_cast<int>(shape_.cell.input_slots.size()); ++gate) {
    token_products_->make(job, gate, product_of(job, gate));
  }
}

template <class Real>
void InputProducts<Real>::backward(TimeRange times, LaneRange lanes, const VectorSteps<Real>& gates,
                                   BackwardListener& listener) const {
  if (below_gradient_.data == nullptr) return;
  const int rows = (times.end - times.begin) * (lanes.end - lanes.begin);
  for_each_part(gates_chain_, 0, rows, [&](const ChainPiece& part) {
    for (int p = 0; p < below_.panels.count(); ++p) {
      kernels::Product<Real> product;
      product.source = gates.at(times.begin);
      product.source_stride = gates.stride;
      product.start = gradient_start_;
      packed_.set_backward(p, part, product);
      product.out = below_gradient_.at(times.begin) + below_.panels.offset(p, shape_.lanes);
      product.out_stride = below_gradient_.stride;
      product.times = times.end - times.begin;
      product.lane_begin = lanes.begin;
      product.lane_end = lanes.end;
      kernels::multiply(product);
      listener.pause();
    }
  });
}

template class InputProducts<float>;
template class InputProducts<double>;

}  // namespace rondo
