#include "rondo/comm/small_sums.hpp"

#include <algorithm>
#include <bit>

#include "comm/reducers/exact.hpp"

namespace rondo {

SmallSums::SmallSums(Communicator& world, const BlockPlan& plan, std::size_t values,
                     std::size_t flags)
    : world_(world), values_(values), flags_(flags) {
  require_fitting(world, plan);
  const std::int64_t begin = plan.begin(world.rank());
  blocks_.resize(static_cast<std::size_t>(plan.count(world.rank())) * values);
  // The blocks under a root, counted from its first one, form a tree of their own: the same one.
  for (const TreeNode& root : plan.roots(world.rank())) {
    const std::int64_t count = std::min(root.last(), plan.blocks) - root.first();
    const auto first = static_cast<std::size_t>(root.first() - begin);
    std::vector<TreeNode> leaves;
    for (std::int64_t block = 0; block < count; ++block) leaves.push_back({0, block});
    roots_.push_back(first + tree_sum(leaves, count, [&](std::size_t into, std::size_t from) {
                       block_additions_.emplace_back(first + into, first + from);
                     }));
  }

  const AllRoots all(plan);
  first_node_ = all.first;
  nodes_.resize(all.nodes.size() * values);
  top_ = tree_sum(all.nodes, plan.blocks, [&](std::size_t into, std::size_t from) {
    node_additions_.emplace_back(into, from);
  });
  std::size_t most_roots = 0;
  for (int rank = 0; rank < plan.ranks; ++rank) most_roots = std::max(most_roots, all.count(rank));
  entry_words_ = flags + most_roots * values;
  entries_.resize(entry_words_ * static_cast<std::size_t>(plan.ranks));
}

void SmallSums::join() {
  add(blocks_, block_additions_);
  write_own_entry();
  collect_entries();
  const int ranks = world_.size();
  for (int place = 0; place < ranks; ++place) {
    read_entry(static_cast<std::size_t>(place), (world_.rank() + place) % ranks);
  }
  add(nodes_, node_additions_);
}

void SmallSums::add(std::vector<double>& rows, const Additions& additions) const {
  for (const auto& [into, from] : additions) {
    add_elements(rows.data() + into * values_, rows.data() + from * values_, values_);
  }
}

void SmallSums::write_own_entry() {
  std::uint64_t* word = entries_.data();
  for (const std::int64_t flag : flags_) *word++ = std::bit_cast<std::uint64_t>(flag);
  for (const std::size_t root : roots_) {
    for (const double value : block(root)) *word++ = std::bit_cast<std::uint64_t>(value);
  }
}

// In each round a rank passes on all that it has, or what the other lacks: Bruck's way.
void SmallSums::collect_entries() {
  const auto ranks = static_cast<std::size_t>(world_.size());
  const auto rank = static_cast<std::size_t>(world_.rank());
  const std::size_t entry_bytes = entry_words_ * sizeof(std::uint64_t);
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(entries_));
  for (std::size_t have = 1; have < ranks;) {
    const std::size_t more = std::min(have, ranks - have);
    world_.exchange(bytes.first(more * entry_bytes),
                    static_cast<int>((rank + ranks - have) % ranks),
                    bytes.subspan(have * entry_bytes, more * entry_bytes),
                    static_cast<int>((rank + have) % ranks));
    have += more;
  }
}

void SmallSums::read_entry(std::size_t place, int rank) {
  const std::uint64_t* word = entries_.data() + place * entry_words_;
  for (std::int64_t& flag : flags_) flag = std::max(flag, std::bit_cast<std::int64_t>(*word++));
  const auto r = static_cast<std::size_t>(rank);
  for (std::size_t i = first_node_[r] * values_; i < first_node_[r + 1] * values_; ++i) {
    nodes_[i] = std::bit_cast<double>(*word++);
  }
}

std::vector<double> tree_total(Communicator& world, const BlockPlan& plan,
                               std::span<const double> mine, std::size_t count) {
  SmallSums sums(world, plan, count);
  const std::int64_t own = plan.count(world.rank());
  if (mine.size() != static_cast<std::size_t>(own) * count) {
    throw_run("rank {} owns {} blocks of {} values but brings {} values", world.rank(), own, count,
              mine.size());
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(own); ++i) {
    std::copy_n(mine.begin() + static_cast<std::ptrdiff_t>(i * count), count,
                sums.block(i).begin());
  }
  sums.join();
  return {sums.totals().begin(), sums.totals().end()};
}

}  // namespace rondo
