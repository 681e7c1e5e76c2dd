// The one fixed binary tree over the blocks of a batch.
//
// Node (level, index) covers blocks [index 2^level, (index + 1) 2^level) of a run's `blocks`
// blocks. Every sum over blocks is evaluated by this tree, so that it is the same whoever owns
// which blocks: value(node) = value(left child) + value(right child); an absent child (no block of
// it exists) passes its sibling through unchanged.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

struct TreeNode {
  int level = 0;
  std::int64_t index = 0;
  std::int64_t first() const { return index << level; }
  std::int64_t last() const { return (index + 1) << level; }  // past the end, may exceed `blocks`
  bool operator==(const TreeNode&) const = default;
};

// Level of the root of a tree over `blocks` >= 1 blocks.
int root_level(std::int64_t blocks);

// The maximal whole nodes that cover blocks [begin, end) of `blocks`, in ascending order: what the
// owner of that range contributes to a sum. A node counts as whole when all its present blocks
// are in the range.
std::vector<TreeNode> tree_roots(std::int64_t begin, std::int64_t end, std::int64_t blocks);

// Evaluates the tree from values at nodes that together cover all blocks, in ascending order.
// `add(into, from)` must do values[into] += values[from] (left operand `into`); the total is then
// at the returned position, the first one's. Additions come in a fixed order for a given set of
// nodes, and every element sees the tree's own order for any set.
template <class Add>
std::size_t tree_sum(std::span<const TreeNode> nodes, std::int64_t blocks, Add&& add) {
  // A stack of finished nodes: two neighbours merge when they are the two children of one parent,
  // or when the right one does not exist and the left one is promoted unchanged.
  struct Entry {
    TreeNode node;
    std::size_t position;
  };
  std::vector<Entry> stack;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Entry entry{nodes[i], i};
    const int top = root_level(blocks);
    for (;;) {
      // Promote while this node is a left child whose sibling holds no block.
      while (entry.node.level < top && entry.node.index % 2 == 0 && entry.node.last() >= blocks) {
        entry.node = {entry.node.level + 1, entry.node.index / 2};
      }
      if (stack.empty() || entry.node.index % 2 == 0) break;
      const Entry left = stack.back();
      if (left.node.level != entry.node.level || left.node.index + 1 != entry.node.index) break;
      stack.pop_back();
      add(left.position, entry.position);
      entry = {{left.node.level + 1, left.node.index / 2}, left.position};
    }
    stack.push_back(entry);
  }
  return stack.front().position;
}

}  // namespace rondo
