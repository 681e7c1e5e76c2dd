// Gradients of weight panels and biases, as sums over blocks at this rank's tree roots.
#pragma once

#include "model/recurrent/time_order.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/products/diagonal.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// What weights are multiplied with over a window: step t at data + t * stride, read along `chain`.
template <class Real>
struct WeightInput {
  std::span<const kernels::Stretch> chain;
  const Real* data = nullptr;
  std::size_t stride = 0;
};

// Gradients of the groups from `group` on in unit panel `panel` of a segment, as many as there are
// gradients of their outputs: each [lane][width] at `gradients`[i] + t * gradient_stride. The
// chains visit the steps as back-propagation does, from the last of `order` to its first.
template <class Real>
void accumulate_weight_gradient(const Segment& segment, int panel, int group,
                                const WeightInput<Real>& input,
                                std::span<const Real* const> gradients, std::size_t gradient_stride,
                                const TimeOrder& order, const GradientSums<Real>& sums) {
  constexpr std::size_t most_roots = 128;  // two a level of the tree
  Real* outs[most_roots * kernels::most_outer_panels];
  std::size_t size = 0;
  for (std::size_t r = 0; r < sums.roots.size(); ++r) {
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      outs[size++] =
          sums.buffers[r] + segment.offset + segment.panel(panel, group + static_cast<int>(i));
    }
  }
  kernels::OuterSum<Real> sum;
  sum.chain = input.chain;
  sum.source = input.data;
  sum.source_stride = input.stride;
  sum.gradients = gradients;
  sum.gradient_stride = gradient_stride;
  sum.width = Panels{segment.units}.width(panel);
  sum.times = order.times;
  sum.ascending = order.reversed;
  sum.resumes = sums.resumes;
  sum.block = sums.block;
  sum.first_block = sums.first_block;
  sum.blocks = sums.blocks;
  sum.roots = sums.roots;
  sum.outs = {outs, size};
  kernels::accumulate_outer(sum);
}

// A bias is a weight whose input is 1.
template <class Real>
void accumulate_bias_gradient(const Segment& segment, int panel, int group, const Real* gradient,
                              std::size_t gradient_stride, const TimeOrder& order,
                              const GradientSums<Real>& sums) {
  static constexpr Real one = 1;
  static constexpr kernels::Stretch chain{0, 0, 1};  // the same 1 for every lane and step
  accumulate_weight_gradient<Real>(segment, panel, group, {{&chain, 1}, &one, 0}, {&gradient, 1},
                                   gradient_stride, order, sums);
}

// Of weights of one a unit, vector `number` of unit panel `panel`: what they are multiplied with,
// and the gradient of what comes of it, are the caller's in `sum`.
template <class Real>
void accumulate_diagonal_gradient(const Segment& segment, int panel, int number,
                                  kernels::DiagonalSum<Real> sum, const TimeOrder& order,
                                  const GradientSums<Real>& sums) {
  constexpr std::size_t most_roots = 128;  // two a level of the tree
  Real* outs[most_roots];
  for (std::size_t r = 0; r < sums.roots.size(); ++r) {
    outs[r] = sums.buffers[r] + segment.offset + segment.panel(panel, number);
  }
  sum.width = Panels{segment.units}.width(panel);
  sum.times = order.times;
  sum.ascending = order.reversed;
  sum.resumes = sums.resumes;
  sum.block = sums.block;
  sum.first_block = sums.first_block;
  sum.blocks = sums.blocks;
  sum.roots = sums.roots;
  sum.outs = {outs, sums.roots.size()};
  kernels::accumulate_diagonal(sum);
}

}  // namespace rondo
