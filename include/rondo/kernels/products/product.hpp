// Blocked matrix products: every output element is one chain of fused multiply-adds, sequential
// in k, whatever the tile or the vector width (src/README.md).
//
// Memory: activations in panels (core/panels.hpp); a weight panel is [k][width]: for each k of the
// chain, the weights of `width` neighbouring output units; or, packed for narrow tiles, cut into
// strips of fewer units, [strip][k][strip width]. An output panel is [lane][width].
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "rondo/core/block_tree.hpp"

namespace rondo::kernels {

// One stretch of a chain: `count` consecutive k. Lane l's first value of it stands at
// source + offset + l * width (one panel of an activation). Only logical units are in a stretch.
struct Stretch {
  std::size_t offset = 0;
  int width = 0;
  int count = 0;
};

// Where an output element's chain begins.
enum class Start : std::uint8_t {
  zero,    // +0
  bias,    // `bias[unit]`
  rows,    // a row of `rows`: a partial chain made before, perhaps for several places
  resume,  // what is in `out`: a partial chain
};

// out[t][lane][unit] = start + sum over k of weights[k][unit] * source[t][lane][k], k ascending
// through the stretches, for t in [0, times) and lanes [lane_begin, lane_end). An empty chain gives
// its start. `out` may not overlap what is read, but for Start::resume.
template <class Real>
struct Product {
  std::span<const Stretch> chain;
  const Real* source = nullptr;
  std::size_t source_stride = 0;  // from one time step to the next
  const Real* weights = nullptr;  // [width / strip][k of a strip][strip]
  const Real* next = nullptr;     // weights of the product after this one, to be fetched meanwhile
  const Real* bias = nullptr;     // [width], for Start::bias
  // For Start::rows: lane l of time t starts from row `row_of[t * row_of_stride + l]`, each
  // [width].
  const Real* rows = nullptr;
  const std::int32_t* row_of = nullptr;
  std::size_t row_of_stride = 0;
  Start start = Start::zero;
  bool flush = false;   // select results below 2^-60 in magnitude to +0 as they are written
  Real* out = nullptr;  // lane l of time t at out + t * out_stride + l * width
  std::size_t out_stride = 0;
  int width = 0;        // 16, 32, 48 or 64
  int strip = 0;        // `width`, or weight_strip(width)
  int strip_steps = 0;  // k of a strip where the chain is a part of them; 0: those of the chain
  int times = 1;
  int lane_begin = 0;
  int lane_end = 0;
};

// Threads may share a product by lanes or by output panels: no bit depends on the split.
template <class Real>
void multiply(const Product<Real>& product);

// The strips in which the selected target reads a weight panel fastest: `width` itself on AVX-512,
// whose tiles are as wide as a panel, and for plain twins, 16 elsewhere. A function of the target:
// ask again after select_target().
template <class Real>
int weight_strip(int width);

// Weight panels of one width whose gradients are made together, as they share what they multiply:
// each piece of it is read from far away once for all of them.
inline constexpr std::size_t most_outer_panels = 4;

// Gradients of weight panels, as sums over blocks: for each block the chain
//   tile[k][unit] = sum over t (descending, or ascending), then lanes of the block ascending, of
//                   gradient[t][lane][unit] * source[t][lane][k], from +0,
// then blocks joined by the block tree. One output per root and panel: the values at the tree nodes
// `roots`, which are all within the blocks whose lanes are present here. Block b's lanes are
// [(b - first_block) * block, + block). At least one time and one lane a block. A bias gradient is
// the same with a stretch {offset, width 0, count 1} at a 1 (and source_stride 0).
template <class Real>
struct OuterSum {
  std::span<const Stretch> chain;  // the k of the weight panel; all but the last of one width
  const Real* source = nullptr;
  std::size_t source_stride = 0;
  // Of each panel, 1 to most_outer_panels: lane l of time t at + t * gradient_stride + l * width.
  std::span<const Real* const> gradients;
  std::size_t gradient_stride = 0;
  int width = 0;
  int times = 1;
  bool ascending = false;  // time order of the chain
  bool resumes = false;    // from what is in `outs`, where each root is one block; else from +0
  int block = 0;           // lanes of a block
  std::int64_t first_block = 0;
  std::int64_t blocks = 0;  // of the whole run: the tree's size
  std::span<const TreeNode> roots;
  // A [sum of counts][width] for each root, and there for each panel; overwritten.
  std::span<Real* const> outs;
};

template <class Real>
void accumulate_outer(const OuterSum<Real>& sum);

}  // namespace rondo::kernels
