#include "rondo/data/text_dataset.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

TEST(MemorySource, ReadsAnyStretch) {
  const auto source = make_memory_source({5, 6, 7, 8}, {0, 3});
  std::vector<std::int32_t> tokens(2);
  source->read(2, tokens);
  EXPECT_EQ(tokens, (std::vector<std::int32_t>{7, 8}));
  EXPECT_EQ(source->size(), 4);
  EXPECT_THROW(source->read(3, tokens), RunError);
  EXPECT_THROW(source->read(-1, tokens), RunError);
  EXPECT_THROW(source->read(5, {}), RunError);
}

TEST(MemorySource, RefusesDocumentsThatAreNoPartition) {
  EXPECT_THROW(make_memory_source({}, {0}), InputError);
  EXPECT_THROW(make_memory_source({1}, {}), InputError);
  EXPECT_THROW(make_memory_source({1, 2}, {1}), InputError);
  EXPECT_THROW(make_memory_source({1, 2}, {0, 2}), InputError);
  EXPECT_THROW(make_memory_source({1, 2, 3}, {0, 1, 1}), InputError);
}

}  // namespace
}  // namespace rondo
