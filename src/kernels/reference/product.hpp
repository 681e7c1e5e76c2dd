// Plain twins of the products (kernels/products/product.hpp): the same chains, written as the loops
// that define them. Used for double, and for float as what the vector code must equal bit for bit.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/targets/dispatch.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void multiply(const Product<Real>& product) {
  const int width = product.width;
  const int strip = product.strip;
  std::ptrdiff_t steps = 0;
  for (const Stretch& stretch : product.chain) steps += stretch.count;
  if (product.strip_steps > 0) steps = product.strip_steps;
  for (int t = 0; t < product.times; ++t) {
    const Real* source = product.source + t * product.source_stride;
    for (int lane = product.lane_begin; lane < product.lane_end; ++lane) {
      Real* out = product.out + t * product.out_stride + static_cast<std::ptrdiff_t>(lane) * width;
      if (product.start == Start::zero) std::fill_n(out, width, Real(0));
      if (product.start == Start::bias) std::copy_n(product.bias, width, out);
      if (product.start == Start::rows) {
        const std::ptrdiff_t row = product.row_of[t * product.row_of_stride + lane];
        std::copy_n(product.rows + row * width, width, out);
      }
      const Real* weights = product.weights;
      for (const Stretch& stretch : product.chain) {
        const Real* values =
            source + stretch.offset + static_cast<std::ptrdiff_t>(lane) * stretch.width;
        for (int k = 0; k < stretch.count; ++k, weights += strip) {
          const Real value = values[k];
          const Real* row = weights;
          for (int first = 0; first < width; first += strip, row += steps * strip) {
            for (int unit = 0; unit < strip; ++unit) {
              out[first + unit] = std::fma(row[unit], value, out[first + unit]);
            }
          }
        }
      }
      if (!product.flush) continue;
      std::transform(out, out + width, out, flushed<Real>);
    }
  }
}

// The chains of one block and panel, for all k.
template <class Real>
RONDO_FUSED void block_chains(const OuterSum<Real>& sum, const Real* gradients, std::int64_t block,
                              Real* out) {
  const int width = sum.width;
  const std::ptrdiff_t first = (block - sum.first_block) * sum.block;
  for (const Stretch& stretch : sum.chain) {
    if (!sum.resumes) {
      std::fill_n(out, static_cast<std::ptrdiff_t>(stretch.count) * width, Real(0));
    }
    for (int step = 0; step < sum.times; ++step) {
      const int t = sum.ascending ? step : sum.times - 1 - step;
      for (std::ptrdiff_t lane = first; lane < first + sum.block; ++lane) {
        const Real* gradient = gradients + t * sum.gradient_stride + lane * width;
        const Real* source =
            sum.source + t * sum.source_stride + stretch.offset + lane * stretch.width;
        for (int k = 0; k < stretch.count; ++k) {
          Real* row = out + static_cast<std::ptrdiff_t>(k) * width;
          for (int unit = 0; unit < width; ++unit) {
            row[unit] = std::fma(gradient[unit], source[k], row[unit]);
          }
        }
      }
    }
    out += static_cast<std::ptrdiff_t>(stretch.count) * width;
  }
}

// The value at a tree node, all of whose blocks are present; `size` values to `out`.
template <class Real>
void node_sum(const OuterSum<Real>& sum, const Real* gradients, TreeNode node, std::size_t size,
              Real* out) {
  if (node.level == 0) return block_chains(sum, gradients, node.index, out);
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  node_sum(sum, gradients, left, size, out);
  if (right.first() >= sum.blocks) return;
  std::vector<Real> other(size);
  node_sum(sum, gradients, right, size, other.data());
  for (std::size_t i = 0; i < size; ++i) out[i] += other[i];
}

template <class Real>
void accumulate_outer(const OuterSum<Real>& sum) {
  std::size_t size = 0;
  for (const Stretch& stretch : sum.chain) {
    size += static_cast<std::size_t>(stretch.count) * static_cast<std::size_t>(sum.width);
  }
  for (std::size_t root = 0; root < sum.roots.size(); ++root) {
    for (std::size_t panel = 0; panel < sum.gradients.size(); ++panel) {
      node_sum(sum, sum.gradients[panel], sum.roots[root], size,
               sum.outs[root * sum.gradients.size() + panel]);
    }
  }
}

}  // namespace rondo::kernels::reference
