// accumulate_outer (kernels/product.hpp): the gradient of a weight panel, summed over blocks.
//
// A block's chains lie in memory, a [k][width] tile for each group of at most 64 k, and grow by
// chunks of (t, lane): a chunk's gradients stay in the first cache while all groups' inputs pass
// by, each fetched into the second cache while the group before it is worked on. At most kGroups
// groups at a time, so that their tiles stay in the second cache, and are added by the block tree
// there.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_outer.cpp"
#include <hwy/foreach_target.h>
// clang-format off: the tile is compiled for each target, after foreach_target
#include "kernels/product_tile-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/dispatch.hpp"
#include "kernels/reference/product.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

constexpr int kGroups = 4;
constexpr int kChunkRows = 128;  // (t, lane) of a chunk: 32 KB of gradients in a full panel
// Narrow tiles read the chunk's gradients strip by strip: copied, a strip is one run of memory
// instead of a cache line here and there, which would all want the same few sets of the cache.
constexpr bool kPack = kTileWidth < Panels::full;

// Steps [begin, end) of back-propagation for the lanes of one block.
struct Chunk {
  const OuterSum<float>& sum;
  std::size_t first_lane;
  int begin, end;

  std::size_t time(int step) const {
    return static_cast<std::size_t>(sum.ascending ? step : sum.times - 1 - step);
  }
  const float* gradient(int step) const {
    return sum.gradient + time(step) * sum.gradient_stride +
           first_lane * static_cast<std::size_t>(sum.width);
  }
  const float* source(int step, const Stretch& group) const {
    return sum.source + time(step) * sum.source_stride + group.offset +
           first_lane * static_cast<std::size_t>(group.width);
  }
};

// Cache lines that a tile asks for, one for each (t, lane) of its chunk. `first` may be anywhere:
// it is never read.
struct Ahead {
  const float* first = nullptr;
  std::size_t next_lane = 0, next_time = 0;  // distances; time's wraps around where t descends
};

struct Tile {
  const Chunk& chunk;
  const Stretch& group;
  const Ahead& ahead;
  int row, column;      // k within the group, unit
  const float* packed;  // the chunk's gradients of these units, [step][lane][kTileWidth], if kPack
  float* out;           // [k][width] of the group

  template <int kRows, int kVectors>
  HWY_NOINLINE void run() const {
    const OuterSum<float>& sum = chunk.sum;
    const auto width = static_cast<std::size_t>(sum.width);
    const auto source_width = static_cast<std::size_t>(group.width);
    float* to = out + static_cast<std::size_t>(row) * width + column;
    Sums<kRows, kVectors> sums;
    load_sums(sums, chunk.begin == 0 ? kZeros : to, chunk.begin == 0 ? 0 : width);
    const float* strip = packed;
    const float* next = ahead.first;
    int step = chunk.begin;
    do {  // at least one: `for` would keep copies of all sums
      const float* gradient = kPack ? strip : chunk.gradient(step) + column;
      extend_sums<true>(sums, sum.block, gradient, kPack ? kTileWidth : width,
                        chunk.source(step, group) + row, 1, source_width, next, ahead.next_lane);
      strip += sum.block * kTileWidth;
      next += ahead.next_time;
    } while (++step < chunk.end);
    store_sums(sums, to, width);
  }
};

// A chunk's gradients, one strip of kTileWidth units after another.
void pack_gradients(const Chunk& chunk, float* packed) {
  const OuterSum<float>& sum = chunk.sum;
  for (int column = 0; column < sum.width; column += kTileWidth) {
    for (int step = chunk.begin; step < chunk.end; ++step) {
      const float* from = chunk.gradient(step) + column;
      for (int lane = 0; lane < sum.block; ++lane, from += sum.width, packed += kTileWidth) {
        for (int u = 0; u < kTileWidth; u += kVectorSize) {
          hn::StoreU(hn::LoadU(Tag(), from + u), Tag(), packed + u);
        }
      }
    }
  }
}

using Groups = std::span<const Stretch>;

// What the tiles of group `g` fetch: the first ones the inputs of the next group, line by line of
// its panel; those behind them, in the chunk's first group, the gradients of the next chunk.
class Fetch {
 public:
  Fetch(const Chunk& chunk, Groups groups, std::size_t g) {
    const OuterSum<float>& sum = chunk.sum;
    const bool last_group = g + 1 == groups.size();
    const bool last_chunk = chunk.end == sum.times;
    const int after = chunk.end - 1 + (last_chunk ? 0 : 1);  // a step of the next chunk
    const Stretch& next = last_group ? groups.front() : groups[g + 1];
    const std::size_t forward = sum.ascending ? 1 : std::size_t{0} - 1;
    const int from = last_group ? after : chunk.begin;
    source_ = {chunk.source(from, next), static_cast<std::size_t>(next.width),
               forward * sum.source_stride};
    gradient_ = {chunk.gradient(after), static_cast<std::size_t>(sum.width),
                 forward * sum.gradient_stride};
    sources_ = next.width / kCacheLine;
    gradients_ = g == 0 && !last_chunk ? sum.width / kCacheLine : 0;
    if (last_group && last_chunk) sources_ = 0;
  }

  // For the group's tile number `tile`.
  Ahead of(int tile) const {
    if (tile < sources_) return line(source_, tile);
    if (tile - sources_ < gradients_) return line(gradient_, tile - sources_);
    return {kZeros, 0, 0};  // nothing that is not there already
  }

 private:
  static Ahead line(Ahead ahead, int number) {
    ahead.first += number * kCacheLine;
    return ahead;
  }
  Ahead source_, gradient_;
  int sources_ = 0, gradients_ = 0;  // lines
};

// Extends the chains of one group by a chunk.
void extend_group(const Chunk& chunk, const Stretch& group, const Fetch& fetch, const float* packed,
                  float* out) {
  const OuterSum<float>& sum = chunk.sum;
  const int tile_width = std::min(kTileWidth, sum.width);
  const int vectors = tile_width / kVectorSize;
  const Tiling tiling(group.count, vectors);
  const std::ptrdiff_t strip = (chunk.end - chunk.begin) * sum.block;  // rows, for each unit
  int row = 0;
  int number = 0;
  for (int tile = 0; tile < tiling.tiles; ++tile) {
    for (int column = 0; column < sum.width; column += tile_width) {
      with_tile(tiling.rows(tile), vectors,
                Tile{chunk, group, fetch.of(number++), row, column,
                     kPack ? packed + column * strip : nullptr, out});
    }
    row += tiling.rows(tile);
  }
}

void block_chains(const OuterSum<float>& sum, Groups groups, std::int64_t block, float* packed,
                  float* out) {
  const auto first_lane = static_cast<std::size_t>((block - sum.first_block) * sum.block);
  const int steps = std::max(1, kChunkRows / sum.block);
  for (int begin = 0; begin < sum.times; begin += steps) {
    const Chunk chunk{sum, first_lane, begin, std::min(begin + steps, sum.times)};
    if (kPack) pack_gradients(chunk, packed);
    float* group_out = out;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      extend_group(chunk, groups[g], Fetch(chunk, groups, g), packed, group_out);
      group_out += static_cast<std::ptrdiff_t>(groups[g].count) * sum.width;
    }
  }
}

void add(float* into, const float* from, std::size_t size) {  // size: a multiple of 16
  for (std::size_t i = 0; i < size; i += static_cast<std::size_t>(kVectorSize)) {
    hn::StoreU(hn::Add(hn::LoadU(Tag(), into + i), hn::LoadU(Tag(), from + i)), Tag(), into + i);
  }
}

struct Scratch {
  float* packed;  // a chunk's gradients
  float* nodes;   // groups' tiles of sums that wait for their left sibling, one a level of the tree
};

// The value at a tree node: `size` values.
void node_sum(const OuterSum<float>& sum, Groups groups, std::size_t size, TreeNode node,
              Scratch scratch, float* out) {
  if (node.level == 0) return block_chains(sum, groups, node.index, scratch.packed, out);
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  node_sum(sum, groups, size, left, scratch, out);
  if (right.first() >= sum.blocks) return;
  node_sum(sum, groups, size, right, {scratch.packed, scratch.nodes + size}, scratch.nodes);
  add(out, scratch.nodes, size);
}

}  // namespace

std::size_t outer_scratch_size(const OuterSum<float>& sum) {
  int levels = 0;
  for (const TreeNode& root : sum.roots) levels = std::max(levels, root.level);
  return static_cast<std::size_t>(Panels::full) *
         static_cast<std::size_t>(std::max(kChunkRows, sum.block) +
                                  levels * kGroups * Panels::full);
}

void accumulate_outer_vector(const OuterSum<float>& sum, float* scratch) {
  const Scratch parts{scratch, scratch + static_cast<std::ptrdiff_t>(Panels::full) *
                                             std::max(kChunkRows, sum.block)};
  Stretch groups[kGroups];
  std::size_t count = 0;     // groups
  std::size_t size = 0;      // of their tiles
  std::size_t finished = 0;  // values of each root
  const auto finish = [&] {
    for (std::size_t root = 0; root < sum.roots.size(); ++root) {
      node_sum(sum, {groups, count}, size, sum.roots[root], parts, sum.outs[root] + finished);
    }
    finished += size;
    count = size = 0;
  };
  for (const Stretch& stretch : sum.chain) {
    for (int k = 0; k < stretch.count; k += Panels::full) {
      const int steps = std::min(Panels::full, stretch.count - k);
      groups[count++] = {stretch.offset + static_cast<std::size_t>(k), stretch.width, steps};
      size += static_cast<std::size_t>(steps) * static_cast<std::size_t>(sum.width);
      if (count == kGroups) finish();
    }
  }
  if (count > 0) finish();
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(accumulate_outer_vector);
HWY_EXPORT(outer_scratch_size);

namespace {

// Kept by each thread, since this is called many times a step.
float* thread_scratch(std::size_t size) {
  thread_local Buffer<float> scratch;
  if (scratch.size() < size) scratch.resize(size);
  return scratch.data();
}

}  // namespace

template <class Real>
void accumulate_outer(const OuterSum<Real>& sum) {
  if constexpr (std::is_same_v<Real, float>) {
    if (reference_selected()) return reference::accumulate_outer(sum);
    const std::size_t size = HWY_DYNAMIC_DISPATCH(outer_scratch_size)(sum);
    HWY_DYNAMIC_DISPATCH(accumulate_outer_vector)(sum, thread_scratch(size));
  } else {
    reference::accumulate_outer(sum);
  }
}
template void accumulate_outer(const OuterSum<float>&);
template void accumulate_outer(const OuterSum<double>&);

}  // namespace rondo::kernels
#endif
