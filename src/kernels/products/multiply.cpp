// multiply (kernels/products/product.hpp): activations times a weight panel.
//
// The chain is cut into chunks whose weights stay in the first cache while all (t, lane) pass over
// them, and the next chunk's are fetched into the second; between chunks the partial chains lie in
// `out`, which changes no bit.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products/multiply.cpp"
#include <hwy/foreach_target.h>
// clang-format off: the tile is compiled for each target, after foreach_target
#include "kernels/products/tile-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "kernels/reference/product.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/products/product.hpp"

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

// Weights of the next chunk that tiles still have to ask for.
struct Ahead {
  const float* next;
  const float* end;
  std::ptrdiff_t pace;  // floats that a step goes on by: a cache line, or half of one
};

// `count` tiles of one height, of neighbouring lanes.
struct Tiles {
  const Product<float>& product;
  const Chunk& chunk;
  const float* weights;  // of the chunk's first k, from `column` on
  Ahead& ahead;
  int t, lane, column;
  int count;  // at least one

  // One after another in one function, with all that they share in registers: what is done between
  // two tiles is done while the multiply-adds wait.
  template <int kRows, int kVectors>
  HWY_NOINLINE void run() const {
    const auto width = static_cast<std::size_t>(product.width);
    const float* const source =
        product.source + static_cast<std::size_t>(t) * product.source_stride;
    const bool resume = !chunk.first || product.start == Start::resume;
    const bool flush = chunk.last && product.flush;
    auto first = static_cast<std::size_t>(lane);
    const std::size_t end = first + static_cast<std::size_t>(count * kRows);
    float* out = product.out + static_cast<std::size_t>(t) * product.out_stride + first * width +
                 static_cast<std::size_t>(column);
    Ahead asked = ahead;
    do {
      Sums<kRows, kVectors> sums;
      if (resume) {
        load_sums(sums, out, width);
      } else {
        start(sums, first);
      }
      if (asked.next < asked.end) {
        extend<true>(sums, source, first, asked);
      } else {
        extend<false>(sums, source, first, asked);
      }
      store_sums(sums, out, width);
      if (flush) flush_small<kRows, kVectors * kVectorSize>(out, width);
      out += kRows * width;
      first += kRows;
    } while (first < end);
    ahead.next = asked.next;
  }

 private:
  // By all k of the chunk. The fetching ones also ask for what comes next, a load a step: a core
  // that works for two threads has none to spare beside the multiply-adds'.
  template <bool kFetches, int kRows, int kVectors>
  HWY_INLINE void extend(Sums<kRows, kVectors>& sums, const float* source, std::size_t first,
                         Ahead& asked) const {
    const auto strip = static_cast<std::size_t>(product.strip);
    const float* vectors = weights;
    const Stretch* at = chunk.pieces;  // at least one: `for` would keep copies of all sums
    do {
      const auto row = static_cast<std::size_t>(at->width);
      const float* scalars = source + at->offset + first * row;
      int steps = at->count;
      do {
        extend_sums(sums, vectors, scalars++, row);
        vectors += strip;
        if constexpr (kFetches) {
          fetch(asked.next);
          asked.next += asked.pace;
        }
      } while (--steps > 0);
    } while (++at != chunk.pieces + chunk.size);
  }

  // Where a chain begins that is not in `out` yet.
  template <int kRows, int kVectors>
  HWY_INLINE void start(Sums<kRows, kVectors>& sums, std::size_t first) const {
    const auto width = static_cast<std::size_t>(product.width);
    if (product.start == Start::rows) {
      const std::int32_t* row_of =
          product.row_of + static_cast<std::size_t>(t) * product.row_of_stride + first;
      for (int row = 0; row < kRows; ++row) {
        load_row(sums, row, product.rows + static_cast<std::size_t>(row_of[row]) * width + column);
      }
    } else {
      load_sums(sums, product.start == Start::bias ? product.bias + column : kZeros, 0);
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
  for (int strip = 0; strip < product.width; strip += product.strip) {
    const float* weights =
        product.weights + strip * steps + static_cast<std::ptrdiff_t>(chunk.begin) * product.strip;
    const float* next = chunk.last && product.next != nullptr
                            ? product.next + strip * steps
                            : weights + static_cast<std::ptrdiff_t>(chunk.steps) * product.strip;
    Ahead ahead{next, next + static_cast<std::ptrdiff_t>(chunk.steps) * product.strip, pace};
    for (int column = 0; column < product.strip; column += tile_width) {
      for (int t = 0; t < product.times; ++t) {
        int lane = product.lane_begin;
        const auto run = [&](int rows, int count) {
          if (count == 0) return;
          with_tile(rows, vectors,
                    Tiles{product, chunk, weights + column, ahead, t, lane, strip + column, count});
          lane += rows * count;
        };
        run(tiling.height + 1, tiling.taller);
        run(tiling.height, tiling.tiles - tiling.taller);
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
