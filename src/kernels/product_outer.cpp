// accumulate_outer (kernels/product.hpp): the gradient of a weight panel, summed over blocks.
//
// For each root and each group of at most 64 k, a block's chains are a [k][width] tile that stays
// in cache while t runs over it in chunks; blocks are then added by the tree, tile by tile.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_outer.cpp"
#include <hwy/foreach_target.h>
// clang-format off: the tile is compiled for each target, after foreach_target
#include "kernels/product_tile-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/dispatch.hpp"
#include "kernels/reference/product.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

constexpr int kChunkRows = 64;  // (t, lane) of a chunk: 16 KB of gradients in a full panel

// Steps [begin, end) of back-propagation for the lanes of one block; `group`: at most 64 k of one
// stretch.
struct Tile {
  const OuterSum<float>& sum;
  const Stretch& group;
  std::size_t first_lane;
  int begin, end;
  int row, column;  // k within the group, unit
  float* out;

  template <int kRows, int kVectors>
  HWY_NOINLINE void run() const {
    const auto width = static_cast<std::size_t>(sum.width);
    const auto source_width = static_cast<std::size_t>(group.width);
    float* to = out + static_cast<std::size_t>(row) * width + column;
    Sums<kRows, kVectors> sums;
    load_sums(sums, begin == 0 ? kZeros : to, begin == 0 ? 0 : width);
    int step = begin;
    do {  // at least one: `for` would keep copies of all sums
      const auto t = static_cast<std::size_t>(sum.ascending ? step : sum.times - 1 - step);
      extend_sums<false>(
          sums, sum.block, sum.gradient + t * sum.gradient_stride + first_lane * width + column,
          width,
          sum.source + t * sum.source_stride + group.offset + first_lane * source_width + row, 1,
          source_width, nullptr);
    } while (++step < end);
    store_sums(sums, to, width);
  }
};

void block_chains(const OuterSum<float>& sum, const Stretch& group, std::int64_t block,
                  float* out) {
  const int tile_width = std::min(kTileWidth, sum.width);
  const int vectors = tile_width / kVectorSize;
  const Tiling tiling(group.count, vectors);
  const auto first_lane = static_cast<std::size_t>((block - sum.first_block) * sum.block);
  const int chunk = std::max(1, kChunkRows / sum.block);
  for (int begin = 0; begin < sum.times; begin += chunk) {
    const int end = std::min(begin + chunk, sum.times);
    int row = 0;
    for (int tile = 0; tile < tiling.tiles; ++tile) {
      for (int column = 0; column < sum.width; column += tile_width) {
        with_tile(tiling.rows(tile), vectors,
                  Tile{sum, group, first_lane, begin, end, row, column, out});
      }
      row += tiling.rows(tile);
    }
  }
}

void add(float* into, const float* from, std::size_t size) {  // size: a multiple of 16
  for (std::size_t i = 0; i < size; i += static_cast<std::size_t>(kVectorSize)) {
    hn::StoreU(hn::Add(hn::LoadU(Tag(), into + i), hn::LoadU(Tag(), from + i)), Tag(), into + i);
  }
}

// The value at a tree node. `scratch` holds a tile for each level below the node's.
void node_sum(const OuterSum<float>& sum, const Stretch& group, TreeNode node, float* scratch,
              float* out) {
  if (node.level == 0) return block_chains(sum, group, node.index, out);
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  node_sum(sum, group, left, scratch, out);
  if (right.first() >= sum.blocks) return;
  const auto size = static_cast<std::size_t>(group.count) * static_cast<std::size_t>(sum.width);
  node_sum(sum, group, right, scratch + size, scratch);
  add(out, scratch, size);
}

}  // namespace

// `scratch`: a full tile (64 x width) for each level of the highest root.
void accumulate_outer_vector(const OuterSum<float>& sum, float* scratch) {
  std::size_t done = 0;  // k
  for (const Stretch& stretch : sum.chain) {
    for (int k = 0; k < stretch.count; k += Panels::full) {
      const Stretch group{stretch.offset + static_cast<std::size_t>(k), stretch.width,
                          std::min(Panels::full, stretch.count - k)};
      for (std::size_t root = 0; root < sum.roots.size(); ++root) {
        node_sum(sum, group, sum.roots[root], scratch,
                 sum.outs[root] + done * static_cast<std::size_t>(sum.width));
      }
      done += static_cast<std::size_t>(group.count);
    }
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(accumulate_outer_vector);

namespace {

// Tiles for sums of blocks that wait for their left sibling, one a level of the tree; kept by each
// thread, since this is called many times a step.
float* scratch_tiles(const OuterSum<float>& sum) {
  thread_local std::vector<float> tiles;
  int levels = 0;
  for (const TreeNode& root : sum.roots) levels = std::max(levels, root.level);
  const std::size_t size = static_cast<std::size_t>(levels) * Panels::full * Panels::full;
  if (tiles.size() < size) tiles.resize(size);
  return tiles.data();
}

}  // namespace

template <class Real>
void accumulate_outer(const OuterSum<Real>& sum) {
  if constexpr (std::is_same_v<Real, float>) {
    if (reference_selected()) return reference::accumulate_outer(sum);
    HWY_DYNAMIC_DISPATCH(accumulate_outer_vector)(sum, scratch_tiles(sum));
  } else {
    reference::accumulate_outer(sum);
  }
}
template void accumulate_outer(const OuterSum<float>&);
template void accumulate_outer(const OuterSum<double>&);

}  // namespace rondo::kernels
#endif
