// The products of linear outputs, a head's or a stage's: with their weights on the way forward,
// with the transposes on the way back.
#pragma once

#include <algorithm>
#include <span>

#include "model/chains.hpp"
#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
struct LinearProducts {
  const PackedWeights<Real>& packed;
  const Segment* bias;  // null: chains begin at `start`
  const Real* parameters;
  Activations<Real> below, below_gradient;
  std::span<const kernels::Stretch> chain;  // over `below`
  Panels outputs;
  int all_lanes;
  kernels::Start start = kernels::Start::bias;
  kernels::Start gradient_start = kernels::Start::zero;  // of the chains at `below_gradient`
  bool flush = false;                                    // the outputs

  // Output panels [first, last) for time steps [begin, end); `out`: of an activation whose first
  // panel is `first`, its step `begin`, of `stride` values a step.
  void forward(int first, int last, int begin, int end, LaneRange lanes, Real* out,
               std::size_t stride) const {
    for (int p = first; p < last; ++p) {
      kernels::Product<Real> product;
      product.chain = chain;
      product.source = below.data + static_cast<std::size_t>(begin) * below.stride;
      product.source_stride = below.stride;
      packed.set_forward(p, 0, product);
      if (bias != nullptr) product.bias = parameters + bias->offset + bias->panel(p, 0);
      product.start = start;
      product.flush = flush;
      product.out = out + outputs.offset(p - first, all_lanes);
      product.out_stride = stride;
      product.times = end - begin;
      product.lane_begin = lanes.begin;
      product.lane_end = lanes.end;
      kernels::multiply(product);
    }
  }

  // The stretch `of_outputs` of the gradient at the input, from the gradients of the outputs from
  // `first` on, which are in memory; `ends`: the chain is then at its end.
  void backward(std::span<const kernels::Stretch> of_outputs, int first, const Real* gradient,
                std::size_t stride, int times, LaneRange lanes, bool ends) const {
    constexpr int rows = 256;  // (time, lane) for which the weights of a part are fetched once
    const int together = std::max(1, rows / (lanes.end - lanes.begin));
    const auto multiply_steps = [&](const ChainPiece& part, int begin) {
      for (int p = 0; p < below.panels.count(); ++p) {
        kernels::Product<Real> product;
        product.source = gradient + static_cast<std::size_t>(begin) * stride;
        product.source_stride = stride;
        product.start = gradient_start;
        packed.set_backward(p, part, product);
        product.flush = part.last && ends;
        product.out = below_gradient.at(begin) + below.panels.offset(p, all_lanes);
        product.out_stride = below_gradient.stride;
        product.times = std::min(together, times - begin);
        product.lane_begin = lanes.begin;
        product.lane_end = lanes.end;
        kernels::multiply(product);
      }
    };
    for_each_part(of_outputs, first, rows, [&](const ChainPiece& part) {
      for (int begin = 0; begin < times; begin += together) multiply_steps(part, begin);
    });
  }
};

}  // namespace rondo
