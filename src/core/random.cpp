#include "rondo/core/random.hpp"

#include <Random123/philox.h>

#include <cmath>

#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

// The counter's last word: each manner of drawing has its own part of a stream.
enum class Draw : std::uint32_t { block = 0, uniform = 1, normal = 2, below = 3 };

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

RandomStream::Block philox(const std::array<std::uint32_t, 4>& counter,
                           const std::array<std::uint32_t, 2>& key) {
  const philox4x32_ctr_t out =
      philox4x32_R(10, {{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {out.v[0], out.v[1], out.v[2], out.v[3]};
}

// The first or second half of a block as one number.
std::uint64_t half(const RandomStream::Block& block, unsigned which) {
  return std::uint64_t{block[2 * which + 1]} << 32 | block[2 * which];
}

// [0, 1) with 53 bits.
double unit_double(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

struct Product128 {
  std::uint64_t high, low;
};

// The 128-bit product of two 64-bit numbers, without a compiler's own wide type.
Product128 multiply_wide(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t a0 = low(a), a1 = high(a), b0 = low(b), b1 = high(b);
  const std::uint64_t low_part = a0 * b0;
  const std::uint64_t middle = a1 * b0 + (low_part >> 32);
  const std::uint64_t middle_low = a0 * b1 + low(middle);
  return {a1 * b1 + (middle >> 32) + (middle_low >> 32), middle_low << 32 | low(low_part)};
}

}  // namespace

// The coordinates fill exactly one call's counter and key (192 bits); half of the result is the
// stream's key. Two different streams share a key with probability 2^-64.
RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t major,
                           std::uint32_t minor) {
  const Block mixed = philox({low(seed), high(seed), low(major), high(major)},
                             {static_cast<std::uint32_t>(purpose), minor});
  key_ = {mixed[0], mixed[1]};
}

RandomStream::Block RandomStream::block(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
  return philox({a, b, c, static_cast<std::uint32_t>(Draw::block)}, key_);
}

double RandomStream::uniform(std::uint64_t i, std::uint32_t b) const {
  const std::uint64_t pair = i / 2;
  const Block bits =
      philox({low(pair), b, high(pair), static_cast<std::uint32_t>(Draw::uniform)}, key_);
  return unit_double(half(bits, i % 2));
}

double RandomStream::normal(std::uint64_t i, std::uint32_t b) const {
  const std::uint64_t pair = i / 2;
  const Block bits =
      philox({low(pair), b, high(pair), static_cast<std::uint32_t>(Draw::normal)}, key_);
  // Box and Muller 1958: 1 - u is in (0, 1], so that the logarithm is finite.
  const double radius = std::sqrt(-2 * exact::log(1 - unit_double(half(bits, 0))));
  const double turn = 2 * unit_double(half(bits, 1));
  return radius * (i % 2 == 0 ? exact::cos_pi(turn) : exact::sin_pi(turn));
}

std::uint64_t RandomStream::below(std::uint64_t bound, std::uint64_t i) const {
  // Lemire 2019: the high half of bits * bound is uniform once the low halves below
  // 2^64 mod bound are rejected.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (std::uint32_t attempt = 0;; ++attempt) {
    const Block bits =
        philox({low(i), high(i), attempt, static_cast<std::uint32_t>(Draw::below)}, key_);
    for (const unsigned which : {0U, 1U}) {
      const Product128 product = multiply_wide(half(bits, which), bound);
      if (product.low >= threshold) return product.high;
    }
  }
}

}  // namespace rondo
