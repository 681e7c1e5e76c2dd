// How a rank works through its blocks: in groups, one after another, so that activations of a few
// blocks at a time are in memory.
//
// A group's gradient is the values at the maximal whole nodes of its blocks. Groups are aligned
// with the tree, and their nodes wait in buffers until their siblings are there: the additions are
// the tree's own whatever the groups, and for g groups at most log2(g) + 1 buffers more than one
// group's are in use.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/core/block_tree.hpp"

namespace rondo {

struct BlockGroup {
  struct Join {
    std::size_t into, from;
  };
  std::int64_t first = 0, last = 0;  // blocks [first, last) of the run
  std::vector<TreeNode> roots;
  std::vector<std::size_t> buffers;  // where the values at each root go
  // When they are there: values[into] += values[from], in this order; `from` is free afterwards.
  std::vector<Join> joins;
};

struct BlockGroups {
  std::vector<BlockGroup> groups;    // at least one
  std::size_t buffers = 0;           // that the groups use: 0 .. buffers - 1
  std::vector<std::size_t> results;  // where the values at the range's own tree roots end up
};

// Groups of blocks [begin, end) of a run's `blocks`, not empty: one if there are at most `most` >=
// 1, else groups of the largest power of two up to `most`, which the range may cut at both ends.
BlockGroups group_blocks(std::int64_t begin, std::int64_t end, std::int64_t blocks,
                         std::int64_t most);

}  // namespace rondo
