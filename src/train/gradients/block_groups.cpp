#include "rondo/train/block_groups.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace rondo {
namespace {

// Numbers of buffers; the lowest free one first.
class Buffers {
 public:
  std::size_t take() {
    if (free_.empty()) return used_++;
    return free_.extract(free_.begin()).value();
  }
  void give_back(std::size_t buffer) { free_.insert(buffer); }
  std::size_t used() const { return used_; }

 private:
  std::set<std::size_t> free_;
  std::size_t used_ = 0;
};

}  // namespace

BlockGroups group_blocks(std::int64_t begin, std::int64_t end, std::int64_t blocks,
                         std::int64_t most) {
  const auto aligned = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(most)));
  BlockGroups plan;
  Buffers buffers;
  TreeStack stack(blocks);
  for (std::int64_t first = begin; first < end; first = plan.groups.back().last) {
    BlockGroup group;
    group.first = first;
    group.last = end - begin <= most ? end : std::min(end, (first / aligned + 1) * aligned);
    group.roots = tree_roots(group.first, group.last, blocks);
    for (std::size_t r = 0; r < group.roots.size(); ++r) group.buffers.push_back(buffers.take());
    for (std::size_t r = 0; r < group.roots.size(); ++r) {
      stack.push(group.roots[r], group.buffers[r], [&](std::size_t into, std::size_t from) {
        group.joins.push_back({into, from});
      });
    }
    for (const BlockGroup::Join& join : group.joins) buffers.give_back(join.from);
    plan.groups.push_back(std::move(group));
  }
  plan.buffers = buffers.used();
  for (const TreeStack::Entry& entry : stack.entries()) plan.results.push_back(entry.position);
  return plan;
}

}  // namespace rondo
