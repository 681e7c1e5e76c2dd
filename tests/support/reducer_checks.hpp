// What the reducers must give, as bodies that all ranks of a world call together (see
// comm_checks.hpp). The expected values come from the plainest form of the block tree: a recursion
// over all blocks, for each element by itself.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "comm_checks.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/small_sums.hpp"

namespace rondo::test {

// Element i of a block's value: of varied size and sign, so that every order rounds differently.
template <class Real>
Real block_value(std::int64_t block, std::size_t i) {
  auto bits = static_cast<std::uint64_t>(block) * 0x9e3779b97f4a7c15u + i * 0xbf58476d1ce4e5b9u + 1;
  for (int round = 0; round < 3; ++round) bits = (bits ^ (bits >> 29)) * 0x94d049bb133111ebu;
  const auto mantissa = static_cast<double>(static_cast<std::int64_t>(bits)) * 0x1p-63;
  const double scale = 1.0 / static_cast<double>(std::uint64_t{1} << ((bits >> 7) % 12));
  return static_cast<Real>(mantissa * scale);
}

// The value at a node of the tree over `blocks` blocks.
template <class Real>
Real node_value(TreeNode node, std::int64_t blocks, std::size_t i) {
  if (node.level == 0) return block_value<Real>(node.index, i);
  const TreeNode left{node.level - 1, node.index * 2};
  const TreeNode right{node.level - 1, node.index * 2 + 1};
  const Real sum = node_value<Real>(left, blocks, i);
  return right.first() < blocks ? sum + node_value<Real>(right, blocks, i) : sum;
}

template <class Real>
std::vector<Real> node_values(TreeNode node, std::int64_t blocks, std::size_t size) {
  std::vector<Real> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = node_value<Real>(node, blocks, i);
  return values;
}

template <class Real>
std::vector<Real> total_values(std::int64_t blocks, std::size_t size) {
  return node_values<Real>({root_level(blocks), 0}, blocks, size);
}

// The number of elements whose bits differ.
template <class Real>
std::size_t differences(const std::vector<Real>& a, const std::vector<Real>& b) {
  if (a.size() != b.size()) return std::max(a.size(), b.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    count += std::memcmp(&a[i], &b[i], sizeof(Real)) == 0 ? 0 : 1;
  }
  return count;
}

struct Reduced {
  std::int64_t blocks;
  std::size_t size;
  std::size_t piece;
  std::vector<std::pair<std::size_t, std::size_t>> segments;
  bool in_place = false;        // the result lies where the first contribution was
  bool polls_unevenly = false;  // one rank in three always, one sometimes, one never; and ranks
                                // start their segments in other portions
};

// The result of one reduction, twice through the same reducer as in two steps of a run.
template <class Real>
std::vector<Real> reduce(Communicator& world, const std::string& strategy, const Reduced& what) {
  const BlockPlan plan{what.blocks, world.size()};
  const std::vector<TreeNode> roots = plan.roots(world.rank());
  std::vector<std::vector<Real>> values(roots.size(), std::vector<Real>(what.size));
  std::vector<Real*> contributions;
  for (auto& value : values) contributions.push_back(value.data());
  std::vector<Real> apart(what.size);
  std::vector<Real>& result = what.in_place ? values[0] : apart;
  const auto reducer = make_reducer<Real>(strategy, world, plan, contributions, result.data(),
                                          what.size, what.piece);
  for (int step = 0; step < 2; ++step) {
    for (std::size_t r = 0; r < roots.size(); ++r) {
      const auto filled = node_values<Real>(roots[r], what.blocks, what.size);
      std::copy(filled.begin(), filled.end(), values[r].begin());
    }
    for (std::size_t s = 0; s < what.segments.size(); ++s) {
      const auto [begin, end] = what.segments[s];
      const auto kind = static_cast<std::size_t>(world.rank()) % 3;
      const std::size_t portion =
          what.polls_unevenly ? (end - begin) / (kind + 1) + 1 : end - begin;
      for (std::size_t at = begin; at < end; at += portion) {
        reducer->start(at, std::min(at + portion, end));
        if (what.polls_unevenly && (kind == 0 || (kind == 1 && s % 2 == 0))) reducer->poll();
      }
    }
    reducer->finish();
  }
  return result;
}

template <class Real>
void check_exact_for(Communicator& world, std::int64_t blocks) {
  if (blocks < world.size()) return;
  // Longer than three pieces, not a multiple of one; shorter than the ranks; long enough for
  // recursive halving (16 kB); from the top downwards, as back-propagation starts them.
  const std::vector<Reduced> cases = {
      {blocks, 37, 10, {{0, 37}}},
      {blocks, 37, 10, {{20, 37}, {11, 20}, {0, 11}}, true, true},
      {blocks, 3, 1024, {{2, 3}, {0, 2}}},
      {blocks, 37, 7, {{0, 5}, {30, 37}, {5, 30}}, false, true},
  };
  for (const Reduced& what : cases) {
    const auto result = reduce<Real>(world, "exact", what);
    EXPECT_EQ(differences(result, total_values<Real>(blocks, what.size)), 0u)
        << blocks << " blocks, " << world.size() << " ranks, " << what.size
        << " elements in pieces of " << what.piece;
  }
}

inline void check_exact_short(Communicator& world) {
  for (std::int64_t blocks = 1; blocks <= 33; ++blocks) {
    check_exact_for<float>(world, blocks);
    if (blocks % 4 == 1) check_exact_for<double>(world, blocks);
  }
}

inline void check_exact_long(Communicator& world) {
  const std::int64_t ranks = world.size();
  for (const std::int64_t blocks : {ranks, 2 * ranks, 2 * ranks - 1, 3 * ranks + 1}) {
    for (const bool in_place : {false, true}) {
      const Reduced what{blocks,   16'003, 5'001, {{9'000, 16'003}, {8'999, 9'000}, {0, 8'999}},
                         in_place, true};
      const auto floats = reduce<float>(world, "exact", what);
      const auto doubles = reduce<double>(world, "exact", what);
      EXPECT_EQ(differences(floats, total_values<float>(blocks, what.size)), 0u) << blocks;
      EXPECT_EQ(differences(doubles, total_values<double>(blocks, what.size)), 0u) << blocks;
    }
  }
}

// Messages far above what an MPI library sends without waiting for the receiver.
inline void check_exact_large_messages(Communicator& world) {
  const std::size_t size = 400'001;
  const std::int64_t blocks = world.size();
  const auto result = reduce<float>(world, "exact", {blocks, size, size, {{0, size}}});
  EXPECT_EQ(differences(result, total_values<float>(blocks, size)), 0u);
}

// While the others have started nothing, a rank polls as often as it likes.
inline void check_poll_never_waits(Communicator& world) {
  const std::size_t size = 30'000;
  for (const std::string& strategy : reducer_names()) {
    const auto apart = world.duplicate();
    const BlockPlan plan{world.size(), world.size()};
    std::vector<float> values = node_values<float>({0, world.rank()}, plan.blocks, size);
    const auto reducer =
        make_reducer<float>(strategy, world, plan, {values.data()}, values.data(), size, size / 7);
    std::vector<std::byte> go(1);
    if (world.rank() > 0) apart->receive(go, world.rank() - 1);
    reducer->start(0, size);
    for (int i = 0; i < 100; ++i) reducer->poll();
    if (world.rank() + 1 < world.size()) apart->send(go, world.rank() + 1);
    reducer->finish();
    if (strategy == "exact") {
      EXPECT_EQ(differences(values, total_values<float>(plan.blocks, size)), 0u);
    }
  }
}

inline void check_native(Communicator& world) {
  const std::int64_t blocks = 2 * world.size() + 1;
  const Reduced what{blocks, 1'001, 300, {{500, 1'001}, {0, 500}}, false, true};
  const auto floats = reduce<float>(world, "native", what);
  const auto doubles = reduce<double>(world, "native", what);
  const auto expected = total_values<double>(blocks, what.size);
  for (std::size_t i = 0; i < what.size; ++i) {
    EXPECT_NEAR(floats[i], expected[i], 1e-5);
    EXPECT_NEAR(doubles[i], expected[i], 1e-13);
  }
}

inline void check_tree_total(Communicator& world) {
  for (std::int64_t blocks = world.size(); blocks <= 33; ++blocks) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{5}}) {
      const BlockPlan plan{blocks, world.size()};
      std::vector<double> mine;
      for (std::int64_t b = plan.begin(world.rank()); b < plan.end(world.rank()); ++b) {
        for (std::size_t i = 0; i < count; ++i) mine.push_back(block_value<double>(b, i));
      }
      const auto totals = tree_total(world, plan, mine, count);
      EXPECT_EQ(differences(totals, total_values<double>(blocks, count)), 0u) << blocks;
    }
  }
}

// Sums and flags together, twice through the same object as in two steps of a run.
inline void check_small_sums(Communicator& world) {
  const BlockPlan plan{3 * world.size() + 1, world.size()};
  SmallSums sums(world, plan, 2, 3);
  for (const int step : {0, 1}) {
    for (std::int64_t b = plan.begin(world.rank()); b < plan.end(world.rank()); ++b) {
      const auto block = sums.block(static_cast<std::size_t>(b - plan.begin(world.rank())));
      for (std::size_t i = 0; i < 2; ++i) block[i] = block_value<double>(b, i);
    }
    const std::int64_t negative = -5 - world.rank();
    const bool asks = step == 0 && world.rank() == world.size() - 1;
    const std::int64_t flags[] = {asks ? 1 : 0, negative, world.rank()};
    std::copy(std::begin(flags), std::end(flags), sums.flags().begin());
    sums.join();
    const std::vector<double> totals(sums.totals().begin(), sums.totals().end());
    EXPECT_EQ(differences(totals, total_values<double>(plan.blocks, 2)), 0u);
    const std::vector<std::int64_t> joined(sums.flags().begin(), sums.flags().end());
    EXPECT_EQ(joined, (std::vector<std::int64_t>{step == 0 ? 1 : 0, -5, world.size() - 1}));
  }
}

inline const CommCheck reducer_checks[] = {
    {"exact_short", check_exact_short},
    {"exact_long", check_exact_long},
    {"exact_large_messages", check_exact_large_messages},
    {"poll_never_waits", check_poll_never_waits},
    {"native", check_native},
    {"tree_total", check_tree_total},
    {"small_sums", check_small_sums},
};

}  // namespace rondo::test
