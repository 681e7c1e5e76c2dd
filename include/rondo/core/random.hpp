// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011, by Random123).
//
// A draw is a pure function of what it is for: seed, purpose, and the logical coordinates (window,
// layer, lane, time, unit). No rank, thread or padded index ever enters, and nothing is drawn in
// sequence, so that any part of a run can be recomputed anywhere.
#pragma once

#include <array>
#include <cstdint>

namespace rondo {

// Fixed numbers: they are part of the numerics version.
enum class Purpose : std::uint32_t {
  weights = 1,
  dropout = 2,
  document_order = 3,
  generation = 4,
  dropped_rows = 12,
  dropped_weights = 13,
  kept_hidden = 14,  // zoneout
  kept_cell = 15,
  window_lengths = 20,
  sequence_order = 21,
  drawn_splits = 22,
  drawn_folds = 23,
  decoding = 30,
  own_symbols = 31,  // scheduled sampling
  augmentation = 32,
  test = 100,
};

// The numbers for one purpose and two coordinates (e.g. window and layer). Cheap to copy; const;
// safe from all threads. block, uniform, normal and below each draw from a part of their own, so
// that one stream may serve several of them. The stream's key is the first half of one Philox block
// with counter (seed, major) and key (purpose, minor).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t major = 0,
               std::uint32_t minor = 0);

  using Block = std::array<std::uint32_t, 4>;
  // Block (a, b, c), e.g. (unit / 4, lane, time).
  Block block(std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0) const;

  // Uniform in [0, 1) with 53 bits; element i of row b.
  double uniform(std::uint64_t i, std::uint32_t b = 0) const;
  // Standard normal by Box-Muller on core/exact_math; element i of row b.
  double normal(std::uint64_t i, std::uint32_t b = 0) const;
  // Uniform in [0, bound) without bias (Lemire's method with rejection); element i.
  std::uint64_t below(std::uint64_t bound, std::uint64_t i) const;

 private:
  std::array<std::uint32_t, 2> key_;
};

// [0, 1) with 24 bits: exact in float.
constexpr float unit_float(std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24F; }

}  // namespace rondo
