// The gradient of a diagonal weight, one a unit, as sums over blocks: a peephole's, a gain's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "rondo/core/block_tree.hpp"

namespace rondo::kernels {

// For one panel, for each block the chain of fused multiply-adds
//   out[unit] = sum over t (descending, or ascending), then lanes of the block ascending, of
//               gradient[t][lane][unit] * source[t][lane][unit], from +0,
// then blocks joined by the block tree. Where reset[t][lane] != 0 the source counts as +0. One
// output per root: the values at the tree nodes `roots`, which are all within the blocks whose
// lanes are present here. Block b's lanes are [(b - first_block) * block, + block). At least one
// time and one lane a block.
template <class Real>
struct DiagonalSum {
  const Real* source = nullptr;  // lane l of time t at source + t * source_stride + l * width
  std::size_t source_stride = 0;
  const std::uint8_t* reset = nullptr;  // lane l of time t at reset + t * reset_stride + l; or null
  std::size_t reset_stride = 0;
  const Real* gradient = nullptr;
  std::size_t gradient_stride = 0;
  int width = 0;  // 16, 32, 48 or 64
  int times = 1;
  bool ascending = false;  // time order of the chain
  bool resumes = false;    // from what is in `outs`, where each root is one block; else from +0
  int block = 0;           // lanes of a block
  std::int64_t first_block = 0;
  std::int64_t blocks = 0;  // of the whole run: the tree's size
  std::span<const TreeNode> roots;
  std::span<Real* const> outs;  // one [width] per root, overwritten
};

template <class Real>
void accumulate_diagonal(const DiagonalSum<Real>& sum);

}  // namespace rondo::kernels
