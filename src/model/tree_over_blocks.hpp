// Values of tree nodes from values of blocks, in bounded scratch memory.
#pragma once

#include <algorithm>
#include <cstdint>

#include "rondo/core/block_tree.hpp"

namespace rondo {

// Writes the value of `node` into `out`: compute(block, out) for a leaf; the children's values are
// joined by add(into, from). `scratch(level)` is memory for one value at that level.
template <class Value, class Compute, class Add, class Scratch>
void tree_over_blocks(TreeNode node, std::int64_t blocks, Value* out, const Compute& compute,
                      const Add& add, const Scratch& scratch) {
  if (node.level == 0) {
    compute(node.index, out);
    return;
  }
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  tree_over_blocks(left, blocks, out, compute, add, scratch);
  if (right.first() >= blocks) return;  // an absent child passes its sibling through
  Value* other = scratch(right.level);
  tree_over_blocks(right, blocks, other, compute, add, scratch);
  add(out, other);
}

}  // namespace rondo
