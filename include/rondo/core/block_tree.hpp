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

// The tree's additions, as values at nodes arrive in ascending order: a stack of finished nodes.
// Two neighbours merge when they are the two children of one parent, or when the right one does not
// exist and the left one is promoted unchanged. At most one node a level waits.
class TreeStack {
 public:
  struct Entry {
    TreeNode node;
    std::size_t position;  // where its value is, in the caller's numbering
  };

  explicit TreeStack(std::int64_t blocks) : blocks_(blocks), top_(root_level(blocks)) {}

  // The node must follow the last one without a gap. Calls add(into, from) with positions for each
  // merge that it completes, which must do values[into] += values[from] (left operand `into`); the
  // value of the parent is then at `into`, and `from` is free.
  template <class Add>
  void push(TreeNode node, std::size_t position, Add&& add) {
    Entry entry{node, position};
    for (;;) {
      // Promote while this node is a left child whose sibling holds no block.
      while (entry.node.level < top_ && entry.node.index % 2 == 0 && entry.node.last() >= blocks_) {
        entry.node = {entry.node.level + 1, entry.node.index / 2};
      }
      if (entries_.empty() || entry.node.index % 2 == 0) break;
      const Entry left = entries_.back();
      if (left.node.level != entry.node.level || left.node.index + 1 != entry.node.index) break;
      entries_.pop_back();
      add(left.position, entry.position);
      entry = {{left.node.level + 1, left.node.index / 2}, left.position};
    }
    entries_.push_back(entry);
  }

  // The maximal whole nodes of what was pushed, in ascending order.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::int64_t blocks_;
  int top_;
  std::vector<Entry> entries_;
};

// Evaluates the tree from values at nodes that together cover all blocks, in ascending order.
// `add` as for TreeStack, with positions in `nodes`; the total is then at the returned position,
// the first one's. Additions come in a fixed order for a given set of nodes, and every element sees
// the tree's own order for any set.
template <class Add>
std::size_t tree_sum(std::span<const TreeNode> nodes, std::int64_t blocks, Add&& add) {
  TreeStack stack(blocks);
  for (std::size_t i = 0; i < nodes.size(); ++i) stack.push(nodes[i], i, add);
  return stack.entries().front().position;
}

}  // namespace rondo
