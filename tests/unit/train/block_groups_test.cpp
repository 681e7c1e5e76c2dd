#include "rondo/train/block_groups.hpp"

#include <gtest/gtest.h>

#include <string>

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

// What a range's groups leave in the buffers of its results, spelled out.
std::vector<std::string> spelled_results(const BlockGroups& plan, std::int64_t blocks) {
  std::vector<std::string> buffers(plan.buffers);
  for (const BlockGroup& group : plan.groups) {
    for (std::size_t r = 0; r < group.roots.size(); ++r) {
      buffers[group.buffers[r]] = spelled(group.roots[r], blocks);
    }
    for (const BlockGroup::Join& join : group.joins) {
      buffers[join.into] = "(" + buffers[join.into] + "+" + buffers[join.from] + ")";
      buffers[join.from] = "free";
    }
  }
  std::vector<std::string> results;
  for (const std::size_t buffer : plan.results) results.push_back(buffers[buffer]);
  return results;
}

TEST(BlockGroups, LeaveTheTreesOwnValuesInFewBuffers) {
  for (std::int64_t blocks = 1; blocks <= 20; ++blocks) {
    for (std::int64_t begin = 0; begin < blocks; ++begin) {
      for (std::int64_t end = begin + 1; end <= blocks; ++end) {
        std::vector<std::string> expected;
        for (const TreeNode& root : tree_roots(begin, end, blocks)) {
          expected.push_back(spelled(root, blocks));
        }
        for (std::int64_t most = 1; most <= blocks; ++most) {
          SCOPED_TRACE(testing::Message()
                       << begin << " to " << end << " of " << blocks << ", at most " << most);
          const BlockGroups plan = group_blocks(begin, end, blocks, most);
          ASSERT_EQ(spelled_results(plan, blocks), expected);
          EXPECT_EQ(plan.results.front(), 0U);
          std::int64_t next = begin;
          std::size_t roots = 0;
          for (const BlockGroup& group : plan.groups) {
            EXPECT_EQ(group.first, next);
            EXPECT_LE(group.last - group.first, most);
            roots = std::max(roots, group.roots.size());
            next = group.last;
          }
          EXPECT_EQ(next, end);
          if (end - begin <= most) {
            EXPECT_EQ(plan.groups.size(), 1U);
          }
          const auto groups = static_cast<std::int64_t>(plan.groups.size());
          EXPECT_LE(plan.buffers, std::max(expected.size(), roots) +
                                      static_cast<std::size_t>(root_level(groups) + 1));
        }
      }
    }
  }
}

TEST(BlockGroups, AKnownPlan) {
  const BlockGroups plan = group_blocks(0, 8, 8, 2);
  ASSERT_EQ(plan.groups.size(), 4U);
  EXPECT_EQ(plan.buffers, 3U);
  EXPECT_EQ(plan.groups[3].roots, (std::vector<TreeNode>{{1, 3}}));
  ASSERT_EQ(plan.groups[3].joins.size(), 2U);
  EXPECT_EQ(plan.groups[3].joins[1].into, 0U);
}

}  // namespace
}  // namespace rondo
