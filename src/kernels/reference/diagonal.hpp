// Plain twin of kernels/products/diagonal.hpp: the loops that define it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/targets/dispatch.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/diagonal.hpp"

namespace rondo::kernels::reference {

// The chains of one block.
template <class Real>
RONDO_FUSED void diagonal_chains(const DiagonalSum<Real>& sum, std::int64_t block, Real* out) {
  const std::ptrdiff_t first = (block - sum.first_block) * sum.block;
  if (!sum.resumes) std::fill_n(out, sum.width, Real{0});
  for (int step = 0; step < sum.times; ++step) {
    const std::ptrdiff_t t = sum.ascending ? step : sum.times - 1 - step;
    for (std::ptrdiff_t lane = first; lane < first + sum.block; ++lane) {
      const bool reset = sum.reset != nullptr &&
                         sum.reset[t * static_cast<std::ptrdiff_t>(sum.reset_stride) + lane] != 0;
      const Real* gradient =
          sum.gradient + t * static_cast<std::ptrdiff_t>(sum.gradient_stride) + lane * sum.width;
      const Real* source =
          sum.source + t * static_cast<std::ptrdiff_t>(sum.source_stride) + lane * sum.width;
      for (int unit = 0; unit < sum.width; ++unit) {
        out[unit] = std::fma(gradient[unit], reset ? Real{0} : source[unit], out[unit]);
      }
    }
  }
}

// The value at a tree node, all of whose blocks are present.
template <class Real>
void diagonal_node(const DiagonalSum<Real>& sum, TreeNode node, Real* out) {
  if (node.level == 0) return diagonal_chains(sum, node.index, out);
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  diagonal_node(sum, left, out);
  if (right.first() >= sum.blocks) return;
  Real other[Panels::full];
  diagonal_node(sum, right, other);
  for (int unit = 0; unit < sum.width; ++unit) out[unit] += other[unit];
}

template <class Real>
void accumulate_diagonal(const DiagonalSum<Real>& sum) {
  for (std::size_t root = 0; root < sum.roots.size(); ++root) {
    diagonal_node(sum, sum.roots[root], sum.outs[root]);
  }
}

}  // namespace rondo::kernels::reference
