#include "data/windows/document_order.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace rondo {
namespace {

std::vector<std::int64_t> order_of(std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::int64_t> starts(10);
  std::iota(starts.begin(), starts.end(), 0);
  DocumentOrder order(starts, 10, seed, true);
  order.set_epoch(epoch);
  std::vector<std::int64_t> documents;
  for (std::int64_t place = 0; place < 10; ++place) documents.push_back(order.document(place));
  return documents;
}

// Golden: part of numerics version 1.
TEST(DocumentOrder, IsAFunctionOfSeedAndEpoch) {
  EXPECT_EQ(order_of(1, 0), (std::vector<std::int64_t>{8, 9, 0, 7, 4, 5, 1, 6, 2, 3}));
  EXPECT_EQ(order_of(1, 1), (std::vector<std::int64_t>{4, 9, 3, 6, 0, 5, 8, 1, 2, 7}));
  EXPECT_EQ(order_of(2, 0), (std::vector<std::int64_t>{1, 8, 4, 7, 0, 3, 6, 5, 2, 9}));
}

TEST(DocumentOrder, UnshuffledIsTheFilesOrder) {
  const std::vector<std::int64_t> starts{0, 4, 5};
  DocumentOrder order(starts, 9, 1, false);
  order.set_epoch(3);
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(order.document(i), i);
  const DocumentOrder::Position place = order.place(7);
  EXPECT_EQ(place.source, 7);
  EXPECT_EQ(place.before, 2);
  EXPECT_EQ(place.rest, 2);
}

}  // namespace
}  // namespace rondo
