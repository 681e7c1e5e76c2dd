#include "rondo/core/block_tree.hpp"

#include <algorithm>

namespace rondo {

int root_level(std::int64_t blocks) {
  return std::bit_width(static_cast<std::uint64_t>(blocks - 1));
}

std::vector<TreeNode> tree_roots(std::int64_t begin, std::int64_t end, std::int64_t blocks) {
  std::vector<TreeNode> roots;
  const int top = root_level(blocks);
  while (begin < end) {
    TreeNode node{0, begin};
    while (node.level < top && node.index % 2 == 0) {
      const TreeNode parent{node.level + 1, node.index / 2};
      if (std::min(parent.last(), blocks) > end) break;
      node = parent;
    }
    roots.push_back(node);
    begin = std::min(node.last(), blocks);
  }
  return roots;
}

}  // namespace rondo
