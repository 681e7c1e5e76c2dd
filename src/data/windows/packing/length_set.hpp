// A set of small numbers that answers "the largest that is at most x".
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rondo {

// Bits, and above each 64 words of them a bit that says which are not zero, up to a single word.
class LengthSet {
 public:
  explicit LengthSet(std::uint32_t largest) {
    std::size_t words = largest;
    do {
      words = words / 64 + 1;
      levels_.emplace_back(words, 0);
    } while (words > 1);
  }

  static std::uint64_t bytes(std::uint32_t largest) {
    return (std::uint64_t{largest} / 64 + 1) * sizeof(std::uint64_t) * 65 / 64 + 64;
  }

  void insert(std::uint32_t x) {
    for (auto& level : levels_) {
      level[x / 64] |= std::uint64_t{1} << (x % 64);
      x /= 64;
    }
  }

  void erase(std::uint32_t x) {
    for (auto& level : levels_) {
      level[x / 64] &= ~(std::uint64_t{1} << (x % 64));
      if (level[x / 64] != 0) return;
      x /= 64;
    }
  }

  // 0 where there is none, so that 0 should not be a member. `x` is at most the largest.
  std::uint32_t at_most(std::uint32_t x) const {
    std::uint64_t mask = ~std::uint64_t{0} >> (63 - x % 64);  // x itself and below
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      const std::uint64_t found = levels_[level][x / 64] & mask;
      if (found != 0) return descend(level, x / 64 * 64 + last(found));
      x /= 64;
      mask = (std::uint64_t{1} << (x % 64)) - 1;  // below: x's own word had none
    }
    return 0;
  }

 private:
  static std::uint32_t last(std::uint64_t word) {
    return static_cast<std::uint32_t>(std::bit_width(word)) - 1;
  }

  std::uint32_t descend(std::size_t level, std::uint32_t x) const {
    while (level-- > 0) x = x * 64 + last(levels_[level][x]);
    return x;
  }

  std::vector<std::vector<std::uint64_t>> levels_;
};

}  // namespace rondo
