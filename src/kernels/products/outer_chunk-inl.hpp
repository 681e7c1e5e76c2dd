// The chunks in which accumulate_outer (outer.cpp) passes over time steps and lanes: where
// their rows lie, and what is fetched while they are worked on. Included once per vector target.
#if defined(RONDO_KERNELS_OUTER_CHUNK_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_OUTER_CHUNK_INL
#undef RONDO_KERNELS_OUTER_CHUNK_INL
#else
#define RONDO_KERNELS_OUTER_CHUNK_INL
#endif

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>

#include "kernels/products/tile-inl.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

// Narrow tiles read the chunk's gradients strip by strip: copied, a strip is one run of memory
// instead of a cache line here and there, which would all want the same few sets of the cache.
inline constexpr bool kPack = kTileWidth < Panels::full;
// (t, lane) of a chunk: with its gradients in a full panel, 16 KB, the first cache holds the inputs
// that a tile reads beside them, as many bytes again. A first cache of 48 KB holds twice as many of
// strips, whose inputs are few.
inline int chunk_rows() { return kPack && first_cache_bytes() >= std::size_t{48} << 10 ? 128 : 64; }

// Distances from a chunk's first (t, lane) to each, in the chain's order, or to each fourth or
// second, where runs of so many are lanes of one step; where t descends they wrap around. With them
// a chunk is one loop: at each end of a short one over a step's lanes a processor would lose its
// way for the time of many multiply-adds. Looked up as seldom as that, they cost few loads, of
// which a core that works for two threads has none to spare beside the multiply-adds'.
class Rows {
 public:
  // What a run of distances needs.
  static int most(const OuterSum<float>& sum) { return std::max(chunk_rows(), sum.block); }

  // `distances`: room for three runs.
  Rows(const OuterSum<float>& sum, std::size_t* distances)
      : run_(std::gcd(sum.block, 4)),
        first_width_(sum.chain.front().width),
        gradients_(distances),
        sources_(distances + most(sum)),
        last_sources_(sources_ + most(sum)) {
    fill(sum, sum.gradient_stride, sum.width, gradients_);
    fill(sum, sum.source_stride, first_width_, sources_);
    fill(sum, sum.source_stride, sum.chain.back().width, last_sources_);
  }

  int run() const { return run_; }  // lanes: 4, 2 or 1
  const std::size_t* gradients() const { return gradients_; }
  // All panels of an activation but its last have one width.
  const std::size_t* sources(const Stretch& group) const {
    return group.width == first_width_ ? sources_ : last_sources_;
  }

 private:
  void fill(const OuterSum<float>& sum, std::size_t stride, int width,
            std::size_t* distances) const {
    const std::size_t time = sum.ascending ? stride : std::size_t{0} - stride;
    const int steps = std::min(sum.times, most(sum) / sum.block);
    for (int step = 0; step < steps; ++step) {
      for (int lane = 0; lane < sum.block; lane += run_) {
        *distances++ = static_cast<std::size_t>(step) * time +
                       static_cast<std::size_t>(lane) * static_cast<std::size_t>(width);
      }
    }
  }

  int run_;
  int first_width_;
  std::size_t* gradients_;
  std::size_t* sources_;
  std::size_t* last_sources_;
};

// Steps [begin, end) of back-propagation for the lanes of one block.
struct Chunk {
  const OuterSum<float>& sum;
  const Rows& rows;
  std::size_t first_lane;
  int begin, end;

  int size() const { return (end - begin) * sum.block; }

  std::size_t time(int step) const {
    return static_cast<std::size_t>(sum.ascending ? step : sum.times - 1 - step);
  }
  const float* gradient(std::size_t panel, int step) const {
    return sum.gradients[panel] + time(step) * sum.gradient_stride +
           first_lane * static_cast<std::size_t>(sum.width);
  }
  const float* source(int step, const Stretch& group) const {
    return sum.source + time(step) * sum.source_stride + group.offset +
           first_lane * static_cast<std::size_t>(group.width);
  }
};

// Cache lines that a tile asks for, one for each row of its chunk.
struct Ahead {
  const float* first = nullptr;  // null: it asks for none
  const std::size_t* rows = nullptr;
  std::size_t width = 0;
};

// A chunk's gradients of a panel, one strip of kTileWidth units after another.
inline void pack_gradients(const Chunk& chunk, std::size_t panel, float* packed) {
  const OuterSum<float>& sum = chunk.sum;
  for (int column = 0; column < sum.width; column += kTileWidth) {
    for (int step = chunk.begin; step < chunk.end; ++step) {
      const float* from = chunk.gradient(panel, step) + column;
      for (int lane = 0; lane < sum.block; ++lane, from += sum.width, packed += kTileWidth) {
        for (int u = 0; u < kTileWidth; u += kVectorSize) {
          hn::StoreU(hn::LoadU(Tag(), from + u), Tag(), packed + u);
        }
      }
    }
  }
}

using Groups = std::span<const Stretch>;

// What the tiles of a weight panel and group `g` fetch: for the first weight panel the first ones
// the inputs of the next group, line by line of its panel; those behind them, in the chunk's first
// group, the weight panel's gradients in the next chunk.
class Fetch {
 public:
  Fetch(const Chunk& chunk, std::size_t panel, Groups groups, std::size_t g) {
    const OuterSum<float>& sum = chunk.sum;
    const bool last_group = g + 1 == groups.size();
    const bool last_chunk = chunk.end == sum.times;
    const int after = chunk.end - 1 + (last_chunk ? 0 : 1);  // a step of the next chunk
    const Stretch& next = last_group ? groups.front() : groups[g + 1];
    const int from = last_group ? after : chunk.begin;
    source_ = {chunk.source(from, next), chunk.rows.sources(next),
               static_cast<std::size_t>(next.width)};
    gradient_ = {chunk.gradient(panel, after), chunk.rows.gradients(),
                 static_cast<std::size_t>(sum.width)};
    sources_ = next.width / kCacheLine;
    gradients_ = g == 0 && !last_chunk ? sum.width / kCacheLine : 0;
    if (panel > 0 || (last_group && last_chunk)) sources_ = 0;
  }

  // For the group's tile number `tile`.
  Ahead of(int tile) const {
    if (tile < sources_) return line(source_, tile);
    if (tile - sources_ < gradients_) return line(gradient_, tile - sources_);
    return {};
  }

 private:
  static Ahead line(Ahead ahead, int number) {
    ahead.first += number * kCacheLine;
    return ahead;
  }
  Ahead source_, gradient_;
  int sources_ = 0, gradients_ = 0;  // lines
};

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_OUTER_CHUNK_INL
