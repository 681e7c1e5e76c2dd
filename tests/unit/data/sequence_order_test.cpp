#include "data/windows/packing/sequence_order.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "rondo/core/random.hpp"

namespace rondo {
namespace {

TEST(SequenceOrder, DiffersBetweenEpochsAndSeeds) {
  const std::vector<std::int32_t> lengths(1000, 7);
  std::set<std::vector<std::int64_t>> orders;
  for (const std::uint64_t seed : {1U, 2U}) {
    SequenceOrder order(lengths, seed, true);
    for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
      order.start(epoch);
      std::vector<std::int64_t> sequences;
      sequences.reserve(lengths.size());
      while (!order.done()) sequences.push_back(order.next().sequence);
      orders.insert(sequences);
    }
  }
  EXPECT_EQ(orders.size(), 6U);
}

// Many buckets, and lengths that a record has no room for.
TEST(SequenceOrder, OfManyIsSortedByKey) {
  std::vector<std::int32_t> lengths(300'000);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    lengths[i] = i % 1000 == 0 ? 2'000'000'000 : static_cast<std::int32_t>(i % 100) + 1;
  }
  SequenceOrder order(lengths, 5, true);
  order.start(2);
  const RandomStream random(5, Purpose::sequence_order, 2);
  std::pair<std::uint32_t, std::uint32_t> last{0, 0};
  std::size_t out_of_order = 0, wrong_length = 0, items = 0;
  for (; !order.done(); ++items) {
    const SequenceOrder::Item item = order.next();
    const std::pair<std::uint32_t, std::uint32_t> key{
        random.block(item.sequence / 4)[item.sequence % 4], item.sequence};
    out_of_order += items > 0 && key <= last ? 1 : 0;
    wrong_length += item.length != lengths[item.sequence] ? 1 : 0;
    last = key;
  }
  EXPECT_EQ(items, lengths.size());  // none twice, as they ascend
  EXPECT_EQ(out_of_order, 0U);
  EXPECT_EQ(wrong_length, 0U);
}

}  // namespace
}  // namespace rondo
