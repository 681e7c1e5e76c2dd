// accumulate_outer (kernels/products/product.hpp): the gradients of weight panels, summed over
// blocks.
//
// A block's chains lie in memory, a [k][width] tile for each group of at most 64 k, and grow by
// chunks of (t, lane): a chunk's gradients of a panel stay in the first cache while all groups'
// inputs pass by, each fetched into the second cache while the group before it is worked on, and
// read from there for the other panels. At most kGroups groups at a time, so that their tiles stay
// in the second cache, and are added by the block tree there.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products/outer.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/products/outer_chunk-inl.hpp"
#include "kernels/products/tile-inl.hpp"
// clang-format on

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/reference/product.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

constexpr int kGroups = 4;

struct TileAt {
  const Chunk& chunk;
  std::size_t panel;
  const Stretch& group;
  Ahead ahead;
  int row, column;      // k within the group, unit
  const float* packed;  // the chunk's gradients of these units, [step][lane][kTileWidth], if kPack
  float* out;           // [k][width] of the group
};

// Passes over (t, lane) in runs of kRunRows; the fetching ones ask for what comes next. Each
// distance that is looked up is a load, as is each line that is asked for: Rows says why they are
// few.
template <int kRunRows, bool kFetches>
struct Tile {
  const TileAt& place;

  template <int kRows, int kVectors>
  HWY_NOINLINE void run() const {
    const auto& [chunk, panel, group, ahead, row, column, packed, out] = place;
    const OuterSum<float>& sum = chunk.sum;
    const auto width = static_cast<std::size_t>(sum.width);
    float* to = out + static_cast<std::size_t>(row) * width + column;
    Sums<kRows, kVectors> sums;
    const bool begins = chunk.begin == 0 && !sum.resumes;
    load_sums(sums, begins ? kZeros : to, begins ? 0 : width);
    const float* gradient = kPack ? packed : chunk.gradient(panel, chunk.begin) + column;
    const float* source = chunk.source(chunk.begin, group) + row;
    const std::size_t* const gradients = chunk.rows.gradients();
    const std::size_t* const sources = chunk.rows.sources(group);
    const std::size_t gradient_row = kPack ? kTileWidth : width;
    const auto source_row = static_cast<std::size_t>(group.width);
    const int runs = chunk.size() / kRunRows;
    int i = 0;
    do {  // at least one: `for` would keep copies of all sums
      const float* vectors = kPack
                                 ? gradient + static_cast<std::size_t>(i) * (kRunRows * kTileWidth)
                                 : gradient + gradients[i];
      const float* scalars = source + sources[i];
      const float* lines = kFetches ? ahead.first + ahead.rows[i] : nullptr;
      for (int lane = 0; lane < kRunRows; ++lane) {
        extend_sums(sums, vectors, scalars, 1);
        vectors += gradient_row;
        scalars += source_row;
        if constexpr (kFetches) {
          fetch(lines);
          lines += ahead.width;
        }
      }
    } while (++i < runs);
    store_sums(sums, to, width);
  }
};

template <int kRunRows>
void run_tile(const TileAt& place, int rows, int vectors) {
  if (place.ahead.first != nullptr) {
    with_tile(rows, vectors, Tile<kRunRows, true>{place});
  } else {
    with_tile(rows, vectors, Tile<kRunRows, false>{place});
  }
}

// Extends the chains of one panel and group by a chunk.
void extend_group(const Chunk& chunk, std::size_t panel, const Stretch& group, const Fetch& fetch,
                  const float* packed, float* out) {
  const OuterSum<float>& sum = chunk.sum;
  const int tile_width = std::min(kTileWidth, sum.width);
  const int vectors = tile_width / kVectorSize;
  const Tiling tiling(group.count, vectors);
  const std::ptrdiff_t strip = chunk.size();  // rows, for each unit
  int row = 0;
  int number = 0;
  for (int tile = 0; tile < tiling.tiles; ++tile) {
    for (int column = 0; column < sum.width; column += tile_width) {
      const TileAt place{chunk,
                         panel,
                         group,
                         fetch.of(number++),
                         row,
                         column,
                         kPack ? packed + column * strip : nullptr,
                         out};
      switch (chunk.rows.run()) {
        case 4:
          run_tile<4>(place, tiling.rows(tile), vectors);
          break;
        case 2:
          run_tile<2>(place, tiling.rows(tile), vectors);
          break;
        default:
          run_tile<1>(place, tiling.rows(tile), vectors);
      }
    }
    row += tiling.rows(tile);
  }
}

struct Scratch {
  const Rows& rows;
  float* packed;  // a chunk's gradients of a panel
  float* nodes;   // tiles of sums that wait for their left sibling, all panels' a level of the tree
};

using Outs = std::array<float*, most_outer_panels>;  // of the panels

void block_chains(const OuterSum<float>& sum, Groups groups, std::int64_t block,
                  const Scratch& scratch, const Outs& outs) {
  const auto first_lane = static_cast<std::size_t>((block - sum.first_block) * sum.block);
  const int steps = std::max(1, chunk_rows() / sum.block);
  for (int begin = 0; begin < sum.times; begin += steps) {
    const Chunk chunk{sum, scratch.rows, first_lane, begin, std::min(begin + steps, sum.times)};
    for (std::size_t panel = 0; panel < sum.gradients.size(); ++panel) {
      if (kPack) pack_gradients(chunk, panel, scratch.packed);
      float* out = outs[panel];
      for (std::size_t g = 0; g < groups.size(); ++g) {
        extend_group(chunk, panel, groups[g], Fetch(chunk, panel, groups, g), scratch.packed, out);
        out += static_cast<std::ptrdiff_t>(groups[g].count) * sum.width;
      }
    }
  }
}

void add(float* into, const float* from, std::size_t size) {  // size: a multiple of 16
  for (std::size_t i = 0; i < size; i += static_cast<std::size_t>(kVectorSize)) {
    hn::StoreU(hn::Add(hn::LoadU(Tag(), into + i), hn::LoadU(Tag(), from + i)), Tag(), into + i);
  }
}

// The value at a tree node: `size` values of each panel.
void node_sum(const OuterSum<float>& sum, Groups groups, std::size_t size, TreeNode node,
              const Scratch& scratch, const Outs& outs) {
  if (node.level == 0) return block_chains(sum, groups, node.index, scratch, outs);
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  node_sum(sum, groups, size, left, scratch, outs);
  if (right.first() >= sum.blocks) return;
  const std::size_t panels = sum.gradients.size();
  Outs others{};
  for (std::size_t panel = 0; panel < panels; ++panel) others[panel] = scratch.nodes + panel * size;
  const Scratch above{scratch.rows, scratch.packed, scratch.nodes + panels * size};
  node_sum(sum, groups, size, right, above, others);
  for (std::size_t panel = 0; panel < panels; ++panel) add(outs[panel], others[panel], size);
}

}  // namespace

std::size_t outer_scratch_size(const OuterSum<float>& sum) {
  int levels = 0;
  for (const TreeNode& root : sum.roots) levels = std::max(levels, root.level);
  return static_cast<std::size_t>(Panels::full) *
         (static_cast<std::size_t>(Rows::most(sum)) +
          static_cast<std::size_t>(levels * kGroups * Panels::full) * sum.gradients.size());
}
std::size_t outer_distances(const OuterSum<float>& sum) {
  return 3 * static_cast<std::size_t>(Rows::most(sum));
}

void accumulate_outer_vector(const OuterSum<float>& sum, float* scratch, std::size_t* distances) {
  if (sum.chain.empty()) return;
  const Rows rows(sum, distances);
  const Scratch parts{rows, scratch,
                      scratch + static_cast<std::ptrdiff_t>(Panels::full) * Rows::most(sum)};
  Stretch groups[kGroups];
  std::size_t count = 0;     // groups
  std::size_t size = 0;      // of their tiles
  std::size_t finished = 0;  // values of each root
  const auto finish = [&] {
    const std::size_t panels = sum.gradients.size();
    for (std::size_t root = 0; root < sum.roots.size(); ++root) {
      Outs outs{};
      for (std::size_t panel = 0; panel < panels; ++panel) {
        outs[panel] = sum.outs[root * panels + panel] + finished;
      }
      node_sum(sum, {groups, count}, size, sum.roots[root], parts, outs);
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
HWY_EXPORT(outer_distances);

namespace {

// Kept by each thread, since this is called many times a step.
template <class Value>
Value* thread_scratch(std::size_t size) {
  thread_local Buffer<Value> scratch;
  if (scratch.size() < size) scratch.resize(size);
  return scratch.data();
}

}  // namespace

template <class Real>
void accumulate_outer(const OuterSum<Real>& sum) {
  if constexpr (std::is_same_v<Real, float>) {
    if (reference_selected()) return reference::accumulate_outer(sum);
    HWY_DYNAMIC_DISPATCH(accumulate_outer_vector)
    (sum, thread_scratch<float>(HWY_DYNAMIC_DISPATCH(outer_scratch_size)(sum)),
     thread_scratch<std::size_t>(HWY_DYNAMIC_DISPATCH(outer_distances)(sum)));
  } else {
    reference::accumulate_outer(sum);
  }
}
template void accumulate_outer(const OuterSum<float>&);
template void accumulate_outer(const OuterSum<double>&);

}  // namespace rondo::kernels
#endif
