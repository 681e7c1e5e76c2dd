// multiply (kernels/product.hpp): activations times a weight panel.
//
// The chain is cut into chunks whose weights stay in the first cache while all (t, lane) pass over
// them, and the next chunk's are fetched into the second; between chunks the partial chains lie in
// `out`, which changes no bit.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_multiply.cpp"
#include <hwy/foreach_target.h>
// clang-format off: the tile is compiled for each target, after foreach_target
#include "kernels/product_tile-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "kernels/dispatch.hpp"
#include "kernels/reference/product.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

// Weights of a chunk: half of the smallest first cache where a chunk is a strip of a panel, all of
// it where tiles are as wide as the panel and read each line once.
constexpr int kChunkWeights = kTileWidth == Panels::full ? 8192 : 4096;
constexpr int kMostPieces = 8;

// Consecutive k of the chain: parts of stretches.
struct Chunk {
  Stretch pieces[kMostPieces];
  int size = 0;   // pieces
  int begin = 0;  // k of the chain
  int steps = 0;
  bool first = false, last = false;
};

// Cuts a chain into chunks.
class Chunks {
 public:
  explicit Chunks(const Product<float>& product)
      : product_(product), most_(kChunkWeights / product.strip) {
    skip_finished();
  }

  // Whether no k is left.
  bool finished() const { return stretch_ == product_.chain.size(); }

  // The next chunk, of a chain that is not finished.
  Chunk next() {
    Chunk chunk;
    chunk.begin = k_;
    chunk.first = k_ == 0;
    while (stretch_ < product_.chain.size() && chunk.size < kMostPieces && chunk.steps < most_) {
      const Stretch& stretch = product_.chain[stretch_];
      const int count = std::min(stretch.count - done_, most_ - chunk.steps);
      chunk.pieces[chunk.size++] = {stretch.offset + static_cast<std::size_t>(done_), stretch.width,
                                    count};
      chunk.steps += count;
      done_ += count;
      skip_finished();
    }
    k_ += chunk.steps;
    chunk.last = finished();
    return chunk;
  }

 private:
  void skip_finished() {
    while (stretch_ < product_.chain.size() && done_ == product_.chain[stretch_].count) {
      ++stretch_;
      done_ = 0;
    }
  }

  const Product<float>& product_;
  const int most_;  // k of a chunk
  int k_ = 0;
  std::size_t stretch_ = 0;
  int done_ = 0;  // k of the current stretch
};

// Selects values below 2^-60 in magnitude to +0, in a tile just written; a NaN stays.
template <int kRows, int kColumns>
HWY_INLINE void flush_small(float* out, std::size_t row_stride) {
  const Vector least = hn::Set(Tag(), smallest_written);
  for (int row = 0; row < kRows; ++row, out += row_stride) {
    for (int column = 0; column < kColumns; column += kVectorSize) {
      const Vector value = hn::LoadU(Tag(), out + column);
      hn::StoreU(hn::IfThenZeroElse(hn::Lt(hn::Abs(value), least), value), Tag(), out + column);
    }
  }
}

struct Place {
  const Product<float>& product;
  const Chunk& chunk;
  int t, lane, column;
  const float* weights;  // of the chunk's first k, from `column` on
  const float* ahead;    // weights of the next chunk, to be asked for
  std::ptrdiff_t pace;   // floats of them that a step goes on by: a cache line, or half of one
};

// The fetching ones also ask for what comes next, a load a step: a core that works for two threads
// has none to spare beside the multiply-adds'.
template <bool kFetches>
struct Tile {
  const Place& place;

  template <int kRows, int kVectors>
  HWY_NOINLINE void run() const {
    const auto& [product, chunk, t, lane, column, weights, ahead, pace] = place;
    const auto width = static_cast<std::size_t>(product.width);
    float* out = product.out + static_cast<std::size_t>(t) * product.out_stride +
                 static_cast<std::size_t>(lane) * width + column;
    const float* starts[kRows];
    find_starts(out, starts, kRows);
    Sums<kRows, kVectors> sums;
    for (int row = 0; row < kRows; ++row) {
      for (int v = 0; v < kVectors; ++v) {
        sums.at[row][v] = hn::LoadU(Tag(), starts[row] + v * kVectorSize);
      }
    }
    const auto strip = static_cast<std::size_t>(product.strip);
    const float* vectors = weights;
    const float* source = product.source + static_cast<std::size_t>(t) * product.source_stride;
    const float* next = ahead;
    const Stretch* at = chunk.pieces;  // at least one: `for` would keep copies of all sums
    do {
      const Stretch& piece = *at;
      const auto row = static_cast<std::size_t>(piece.width);
      const float* scalars = source + piece.offset + static_cast<std::size_t>(lane) * row;
      int steps = piece.count;
      do {
        extend_sums(sums, vectors, scalars++, row);
        if constexpr (kFetches) fetch(next);
        vectors += strip;
        next += pace;
      } while (--steps > 0);
    } while (++at != chunk.pieces + chunk.size);
    store_sums(sums, out, width);
    if (chunk.last && product.flush) flush_small<kRows, kVectors * kVectorSize>(out, width);
  }

  // Where the chains of each row start from.
  HWY_INLINE void find_starts(const float* out, const float** starts, int rows) const {
    const Product<float>& product = place.product;
    const auto width = static_cast<std::size_t>(product.width);
    if (!place.chunk.first || product.start == Start::resume) {
      for (int row = 0; row < rows; ++row, out += width) starts[row] = out;
    } else if (product.start == Start::rows) {
      const std::int32_t* row_of =
          product.row_of + static_cast<std::size_t>(place.t) * product.row_of_stride + place.lane;
      for (int row = 0; row < rows; ++row) {
        starts[row] = product.rows + static_cast<std::size_t>(row_of[row]) * width + place.column;
      }
    } else {
      const float* start = product.start == Start::bias ? product.bias + place.column : kZeros;
      for (int row = 0; row < rows; ++row) starts[row] = start;
    }
  }
};

// `steps`: k of a strip.
void multiply_chunk(const Product<float>& product, const Chunk& chunk, std::ptrdiff_t steps) {
  const int tile_width = std::min(kTileWidth, product.strip);
  const int vectors = tile_width / kVectorSize;
  const Tiling tiling(product.lane_end - product.lane_begin, vectors);
  // The first tiles ask for all of the strip's next chunk. Where one could, a line a step, two
  // share it: so fast the third cache does not give.
  const int tiles = tiling.tiles * product.times * (product.strip / tile_width);
  const int pace = product.strip == kCacheLine && tiles > 1 ? kCacheLine / 2 : kCacheLine;
  const std::ptrdiff_t asked = static_cast<std::ptrdiff_t>(chunk.steps) * pace;
  for (int strip = 0; strip < product.width; strip += product.strip) {
    const float* weights =
        product.weights + strip * steps + static_cast<std::ptrdiff_t>(chunk.begin) * product.strip;
    const float* next = chunk.last && product.next != nullptr
                            ? product.next + strip * steps
                            : weights + static_cast<std::ptrdiff_t>(chunk.steps) * product.strip;
    const float* end = next + static_cast<std::ptrdiff_t>(chunk.steps) * product.strip;
    for (int column = 0; column < product.strip; column += tile_width) {
      for (int t = 0; t < product.times; ++t) {
        int lane = product.lane_begin;
        for (int tile = 0; tile < tiling.tiles; ++tile) {
          const Place place{product, chunk, t, lane, strip + column, weights + column, next, pace};
          if (next < end) {
            with_tile(tiling.rows(tile), vectors, Tile<true>{place});
            next += asked;
          } else {
            with_tile(tiling.rows(tile), vectors, Tile<false>{place});
          }
          lane += tiling.rows(tile);
        }
      }
    }
  }
}

}  // namespace

int tile_width() { return kTileWidth; }

void multiply_vector(const Product<float>& product) {
  if (product.times <= 0 || product.lane_end <= product.lane_begin) return;
  Chunks chunks(product);
  if (chunks.finished()) return reference::multiply(product);  // no k: only the start is written
  std::ptrdiff_t steps = 0;
  for (const Stretch& stretch : product.chain) steps += stretch.count;
  if (product.strip_steps > 0) steps = product.strip_steps;
  while (!chunks.finished()) multiply_chunk(product, chunks.next(), steps);
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(multiply_vector);
HWY_EXPORT(tile_width);

template <class Real>
int weight_strip(int width) {
  if (std::is_same_v<Real, double> || reference_selected()) return width;
  return std::min(width, HWY_DYNAMIC_DISPATCH(tile_width)());
}
template int weight_strip<float>(int);
template int weight_strip<double>(int);

template <class Real>
void multiply(const Product<Real>& product) {
  if constexpr (std::is_same_v<Real, float>) {
    RONDO_DISPATCH(multiply_vector, reference::multiply, product);
  } else {
    reference::multiply(product);
  }
}
template void multiply(const Product<float>&);
template void multiply(const Product<double>&);

}  // namespace rondo::kernels
#endif
