// The register tile of both products: `rows` x `vectors` chains of fused multiply-adds side by
// side. Included once per vector target (hwy/foreach_target.h).
//
// A step of the chains loads `vectors` neighbouring vectors and broadcasts one scalar a row. In
// multiply the vectors are weights and the steps run along k; in accumulate_outer the vectors are
// gradients and the steps run along (t, lane). More chains than the latency of the multiply-add
// times its throughput (8 to 10 on today's processors) keep the units busy although each chain is
// strictly sequential; as many as fit the registers keep the loads below the multiply-adds.
#if defined(RONDO_KERNELS_PRODUCT_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_PRODUCT_TILE_INL
#undef RONDO_KERNELS_PRODUCT_TILE_INL
#else
#define RONDO_KERNELS_PRODUCT_TILE_INL
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/product.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
inline constexpr int kVectorSize = static_cast<int>(hn::MaxLanes(Tag()));

// A tile is a whole panel wide where a vector has 16 floats and there are 32 registers (AVX-512),
// else 16 floats (AVX2: 2 vectors and 16 registers; NEON: 4 and 32).
inline constexpr int kTileWidth = kVectorSize == 16 ? 64 : 16;

// The most rows a tile may have: 24 sums (AVX2: 12) leave registers for vectors and broadcasts.
constexpr int most_rows(int vectors) {
  if (kVectorSize == 8) return 6;
  return vectors >= 4 ? 6 : 8;
}

inline constexpr int kCacheLine = 16;  // floats

// What a chain from +0 starts from: a load like any other, so that tiles have no branch for it.
alignas(64) inline constexpr float kZeros[Panels::full] = {};

template <int kRows, int kVectors>
struct Sums {
  HWY_INLINE Sums() {}  // not left to g++: on AArch64 its own would lack the target's attributes
  Vector at[kRows][kVectors];
};

template <int kRows, int kVectors>
HWY_INLINE void load_row(Sums<kRows, kVectors>& sums, int row, const float* from) {
  for (int v = 0; v < kVectors; ++v) {
    sums.at[row][v] = hn::LoadU(Tag(), from + v * kVectorSize);
  }
}

template <int kRows, int kVectors>
HWY_INLINE void load_sums(Sums<kRows, kVectors>& sums, const float* from, std::size_t row_stride) {
  for (int row = 0; row < kRows; ++row) load_row(sums, row, from + row * row_stride);
}

template <int kRows, int kVectors>
HWY_INLINE void store_sums(const Sums<kRows, kVectors>& sums, float* to, std::size_t row_stride) {
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sums.at[row][v], Tag(), to + row * row_stride + v * kVectorSize);
    }
  }
}

// The same vector, in a register of its own. Left alone, g++ lets a sum hop from register to
// register by overwriting a factor of each multiply-add, and reads a vector again for each row:
// Zen 4 then runs a tile's loop at 91 % of its peak, so at up to 99 %.
HWY_INLINE Vector pin(Vector vector) {
#if HWY_COMPILER_GCC_ACTUAL && (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3)
  auto raw = vector.raw;
  asm("" : "+v"(raw));
  vector.raw = raw;
#endif
  return vector;
}

// A step of every chain: sum[row][v] = fma(vectors[v], scalars[row], sum[row][v]).
template <int kRows, int kVectors>
HWY_INLINE void extend_sums(Sums<kRows, kVectors>& sums, const float* vectors, const float* scalars,
                            std::size_t scalar_row) {
  Vector loaded[kVectors];
  for (int v = 0; v < kVectors; ++v) loaded[v] = pin(hn::LoadU(Tag(), vectors + v * kVectorSize));
  for (int row = 0; row < kRows; ++row) {
    const Vector scalar = hn::Set(Tag(), scalars[row * scalar_row]);
    for (int v = 0; v < kVectors; ++v) {
      sums.at[row][v] = pin(hn::MulAdd(loaded[v], scalar, sums.at[row][v]));
    }
  }
}

// Asks for the cache line at `address`, for reading, into the second cache.
HWY_INLINE void fetch(const float* address) { __builtin_prefetch(address, 0, 2); }

// Calls job.run<rows, vectors>() for numbers known at run time.
template <int kVectors, class Job>
HWY_INLINE void with_rows(int rows, const Job& job) {
  switch (rows) {
    case 1:
      return job.template run<1, kVectors>();
    case 2:
      return job.template run<2, kVectors>();
    case 3:
      return job.template run<3, kVectors>();
    case 4:
      return job.template run<4, kVectors>();
    case 5:
      return job.template run<5, kVectors>();
    case 6:
      return job.template run<6, kVectors>();
    default:
      break;
  }
  if constexpr (most_rows(kVectors) > 6) {
    if (rows == 7) return job.template run<7, kVectors>();
    return job.template run<8, kVectors>();
  }
}

template <class Job>
HWY_INLINE void with_tile(int rows, int vectors, const Job& job) {
  if constexpr (kTileWidth == 16) {
    with_rows<16 / kVectorSize>(rows, job);
  } else {
    switch (vectors) {
      case 1:
        return with_rows<1>(rows, job);
      case 2:
        return with_rows<2>(rows, job);
      case 3:
        return with_rows<3>(rows, job);
      default:
        return with_rows<4>(rows, job);
    }
  }
}

// Rows in tiles of nearly equal height, so that no thin tile is left over.
struct Tiling {
  Tiling(int rows, int vectors)
      : tiles((rows + most_rows(vectors) - 1) / most_rows(vectors)),
        height(tiles == 0 ? 0 : rows / tiles),
        taller(tiles == 0 ? 0 : rows % tiles) {}
  int rows(int tile) const { return height + (tile < taller ? 1 : 0); }
  int tiles, height, taller;
};

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_PRODUCT_TILE_INL
