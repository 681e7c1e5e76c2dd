// Values of tree nodes of which only some blocks are there.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "rondo/core/panels.hpp"

namespace rondo {

// The block tree's sum over some blocks of one node, each with `width` values (at most a panel's);
// an absent child passes its sibling through.
template <class Real>
class SparseTree {
 public:
  explicit SparseTree(std::size_t width) : width_(width) {}

  // +0 for the next block's values, to be filled before anything else is called. Blocks ascend.
  Real* push(std::int64_t block) {
    // What lies nearer to its left neighbour than to the new block is complete.
    while (count_ >= 2 && apart(count_ - 2, blocks_[count_ - 1]) < apart(count_ - 1, block)) join();
    blocks_[count_] = block;
    std::fill_n(values_[count_], width_, Real{0});
    return values_[count_++];
  }

  // The sum; null without blocks.
  const Real* total() {
    while (count_ >= 2) join();
    return count_ == 0 ? nullptr : values_[0];
  }

 private:
  // Level of the lowest node above both.
  int apart(std::size_t waiting, std::int64_t block) const {
    return std::bit_width(static_cast<std::uint64_t>(blocks_[waiting] ^ block));
  }
  void join() {
    --count_;
    for (std::size_t u = 0; u < width_; ++u) values_[count_ - 1][u] += values_[count_][u];
  }

  static constexpr std::size_t most = 64;  // one a level of the tree waits at most
  std::size_t width_;
  std::size_t count_ = 0;
  std::int64_t blocks_[most];
  Real values_[most][Panels::full];
};

}  // namespace rondo
