// The fixed order of sums within a vector (ARITHMETIC: "Sums within a vector"): element i goes to
// accumulator i mod 64 in chunks of 4,096; accumulators, then chunks, are joined by the block tree
// (core/block_tree.hpp). Chunks are independent, so threads may share them: chunk totals pushed in
// ascending order give the same sum whoever computed them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

inline constexpr std::size_t sum_accumulators = 64;
inline constexpr std::size_t sum_chunk = 4096;

// The tree over the accumulators: (0, 1), (2, 3), ..., then pairs of pairs. Overwrites them.
template <class Real>
Real join_accumulators(Real (&values)[sum_accumulators]) {
  for (std::size_t count = sum_accumulators / 2; count > 0; count /= 2) {
    for (std::size_t i = 0; i < count; ++i) values[i] = values[2 * i] + values[2 * i + 1];
  }
  return values[0];
}

// The block tree over values that arrive in ascending order, without storing them: a binary counter
// of finished nodes. Level l is occupied where bit l of the count is set.
template <class Real>
class TreeFold {
 public:
  void push(Real value) {
    int level = 0;
    for (; (count_ >> level) & 1; ++level) value = nodes_[level] + value;
    nodes_[level] = value;
    ++count_;
  }

  // The root; +0 if nothing was pushed. What is left over at the end has no right sibling and
  // passes through to the level where it is one.
  Real total() const {
    bool found = false;
    Real value{0};
    for (int level = 0; (count_ >> level) != 0; ++level) {
      if (((count_ >> level) & 1) == 0) continue;
      value = found ? nodes_[level] + value : nodes_[level];
      found = true;
    }
    return value;
  }

 private:
  std::uint64_t count_ = 0;
  Real nodes_[64];  // valid where count_ has a bit
};

}  // namespace rondo::kernels
