#include "rondo/core/block_tree.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace rondo {
namespace {

// The tree spelled out: "(0+1)" for two blocks. Absent children leave no trace.
std::string spelled(TreeNode node, std::int64_t blocks) {
  if (node.level == 0) return std::to_string(node.index);
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  const std::string left = spelled({node.level - 1, 2 * node.index}, blocks);
  if (right.first() >= blocks) return left;
  return "(" + left + "+" + spelled(right, blocks) + ")";
}

// What tree_sum adds, spelled out, from values at the given nodes.
std::string spelled_sum(const std::vector<TreeNode>& nodes, std::int64_t blocks) {
  std::vector<std::string> values;
  for (const TreeNode& node : nodes) values.push_back(spelled(node, blocks));
  const std::size_t top = tree_sum(nodes, blocks, [&](std::size_t into, std::size_t from) {
    values[into] = "(" + values[into] + "+" + values[from] + ")";
  });
  return values[top];
}

TEST(BlockTree, RootLevel) {
  EXPECT_EQ(root_level(1), 0);
  EXPECT_EQ(root_level(2), 1);
  EXPECT_EQ(root_level(3), 2);
  EXPECT_EQ(root_level(4), 2);
  EXPECT_EQ(root_level(5), 3);
  EXPECT_EQ(root_level(1024), 10);
  EXPECT_EQ(root_level(1025), 11);
}

TEST(BlockTree, AKnownTree) {
  std::vector<TreeNode> leaves;
  for (std::int64_t b = 0; b < 7; ++b) leaves.push_back({0, b});
  EXPECT_EQ(spelled_sum(leaves, 7), "(((0+1)+(2+3))+((4+5)+6))");
}

TEST(BlockTree, RootsOfKnownRanges) {
  EXPECT_EQ(tree_roots(0, 8, 8), (std::vector<TreeNode>{{3, 0}}));
  EXPECT_EQ(tree_roots(0, 3, 8), (std::vector<TreeNode>{{1, 0}, {0, 2}}));
  EXPECT_EQ(tree_roots(3, 8, 8), (std::vector<TreeNode>{{0, 3}, {2, 1}}));
  // Block 6 is all there is of node (1, 3): a whole node, and a sibling's equal.
  EXPECT_EQ(tree_roots(6, 7, 7), (std::vector<TreeNode>{{1, 3}}));
  EXPECT_EQ(tree_roots(4, 5, 5), (std::vector<TreeNode>{{2, 1}}));
  EXPECT_TRUE(tree_roots(3, 3, 8).empty());
}

TEST(BlockTree, RootsCoverTheirRangeOnceAndAreMaximal) {
  for (std::int64_t blocks = 1; blocks <= 20; ++blocks) {
    for (std::int64_t begin = 0; begin < blocks; ++begin) {
      for (std::int64_t end = begin + 1; end <= blocks; ++end) {
        std::int64_t next = begin;
        for (const TreeNode& root : tree_roots(begin, end, blocks)) {
          EXPECT_EQ(root.first(), next);
          next = std::min(root.last(), blocks);
          const TreeNode parent{root.level + 1, root.index / 2};
          const bool parent_fits = parent.first() >= begin &&
                                   std::min(parent.last(), blocks) <= end &&
                                   parent.level <= root_level(blocks);
          EXPECT_FALSE(parent_fits) << blocks << " blocks, " << begin << " to " << end;
        }
        EXPECT_EQ(next, end);
      }
    }
  }
}

// Any cut of the blocks into three owners' ranges gives the same additions.
TEST(BlockTree, SumIsTheSameForAnyOwners) {
  for (std::int64_t blocks = 1; blocks <= 17; ++blocks) {
    const std::string expected = spelled({root_level(blocks), 0}, blocks);
    for (std::int64_t first = 0; first <= blocks; ++first) {
      for (std::int64_t second = first; second <= blocks; ++second) {
        std::vector<TreeNode> nodes;
        const std::int64_t cuts[] = {0, first, second, blocks};
        for (int owner = 0; owner < 3; ++owner) {
          const auto roots = tree_roots(cuts[owner], cuts[owner + 1], blocks);
          nodes.insert(nodes.end(), roots.begin(), roots.end());
        }
        EXPECT_EQ(spelled_sum(nodes, blocks), expected) << "cut at " << first << ", " << second;
      }
    }
  }
}

}  // namespace
}  // namespace rondo
