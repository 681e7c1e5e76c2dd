// Who works on which lanes: the one place that divides a run's lanes into blocks, and blocks among
// ranks. A rank's own blocks are divided further in train/block_groups.hpp.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/core/block_tree.hpp"

namespace rondo {

// Which rank owns which blocks: contiguous, as equal as can be, the first ranks one more.
struct BlockPlan {
  std::int64_t blocks = 1;
  int ranks = 1;  // at most `blocks`
  std::int64_t begin(int rank) const;
  std::int64_t end(int rank) const { return begin(rank + 1); }
  std::int64_t count(int rank) const { return end(rank) - begin(rank); }
  std::int64_t most() const { return count(0); }  // that a rank has
  std::vector<TreeNode> roots(int rank) const { return tree_roots(begin(rank), end(rank), blocks); }
  // Idle share of the step when blocks do not divide evenly: 1 - blocks / (ranks * largest share).
  double idle() const;
};

// What a rank owns of a run's lanes: neighbours, in whole blocks.
struct LaneShare {
  std::int64_t first_block = 0, last_block = 0;  // [first, last)
  std::int64_t block = 1;                        // lanes of one

  std::int64_t blocks() const { return last_block - first_block; }
  std::int64_t first_lane() const { return first_block * block; }
  std::int64_t last_lane() const { return last_block * block; }
  std::int64_t lanes() const { return blocks() * block; }
};

// A run's lanes, in blocks of `block`, which divides them, on `ranks` ranks.
struct LanePlan {
  std::int64_t lanes = 1;
  std::int64_t block = 1;
  int ranks = 1;

  BlockPlan blocks() const { return {lanes / block, ranks}; }
  LaneShare share(int rank) const { return {blocks().begin(rank), blocks().end(rank), block}; }
};

}  // namespace rondo
