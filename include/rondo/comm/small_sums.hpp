// What a step must know beside its gradient: a few numbers a block, summed, and a few flags a rank,
// joined by maximum, in ceil(log2 ranks) short messages. Allocates when it is made, not when it is
// used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/comm/reducer.hpp"

namespace rondo {

class SmallSums {
 public:
  // `values` numbers a block and `flags` flags a rank, the same on all ranks. RunError where the
  // plan does not fit the world.
  SmallSums(Communicator& world, const BlockPlan& plan, std::size_t values, std::size_t flags = 0);

  // To be filled before each join(): the numbers of this rank's i-th block, this rank's flags.
  std::span<double> block(std::size_t i) { return {blocks_.data() + i * values_, values_}; }
  std::span<std::int64_t> flags() { return flags_; }

  // Sums by the block tree, the same bits for any plan, into totals(); flags() become the largest
  // of all ranks'. What stood in block() is lost. Collective.
  void join();
  std::span<const double> totals() const { return {nodes_.data() + top_ * values_, values_}; }

 private:
  using Additions = std::vector<std::pair<std::size_t, std::size_t>>;  // (into, from)
  void add(std::vector<double>& rows, const Additions& additions) const;
  void write_own_entry();
  void collect_entries();
  void read_entry(std::size_t place, int rank);

  Communicator& world_;
  const std::size_t values_;
  std::vector<std::int64_t> flags_;
  std::vector<double> blocks_;      // [own block][value]
  Additions block_additions_;       // to the sums of this rank's roots
  std::vector<std::size_t> roots_;  // where these then are: positions of blocks

  // All ranks' roots in the order of the ranks, and where each rank's begin.
  std::vector<double> nodes_;  // [node][value]
  std::vector<std::size_t> first_node_;
  Additions node_additions_;
  std::size_t top_ = 0;  // the node that then is the total

  // What travels: an entry a rank, this rank's first, the one after it next, ...; in each the
  // flags, then the roots' values, as 64-bit words.
  std::size_t entry_words_ = 0;
  std::vector<std::uint64_t> entries_;
};

// The same for once: `mine` holds [own block][count]; the totals [count] come back on every rank.
// Collective.
std::vector<double> tree_total(Communicator& world, const BlockPlan& plan,
                               std::span<const double> mine, std::size_t count);

}  // namespace rondo
