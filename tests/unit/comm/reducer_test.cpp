#include "rondo/comm/reducer.hpp"

#include <gtest/gtest.h>

#include "reducer_checks.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/comm/small_sums.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// The exactness checks can only find a wrong order if another order shows: a sum along a ring of
// ranks, each element's sum beginning at another rank, as an allreduce by a ring has it.
TEST(ReducerChecks, TellTheTreeFromARing) {
  const std::size_t size = 1'000;
  for (const std::int64_t blocks : {3, 4, 8, 33}) {
    std::vector<float> ring(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto begin = static_cast<std::int64_t>(i) % blocks;
      for (std::int64_t b = 0; b < blocks; ++b) {
        ring[i] += test::block_value<float>((begin + b) % blocks, i);
      }
    }
    const auto tree = test::total_values<float>(blocks, size);
    EXPECT_GT(test::differences(ring, tree), size / 10) << blocks << " blocks";
  }
}

TEST(Reducer, NothingTravelsBeforeItIsStarted) {
  const auto world = make_single();
  std::vector<float> value = {1, 2, 3, 4};
  std::vector<float> result(4, -1);
  const auto reducer =
      make_reducer<float>("exact", *world, {1, 1}, {value.data()}, result.data(), 4, 1);
  reducer->poll();
  reducer->start(1, 2);
  reducer->start(2, 2);
  reducer->finish();
  EXPECT_EQ(result, (std::vector<float>{-1, 2, -1, -1}));
  reducer->finish();
  EXPECT_EQ(result, (std::vector<float>{-1, 2, -1, -1}));
}

TEST(Reducer, RefusesWhatDoesNotFit) {
  const auto world = make_single();
  std::vector<float> value(4);
  float* const data = value.data();
  const BlockPlan plan{2, 1};
  EXPECT_THROW(make_reducer<float>("exakt", *world, plan, {data}, data, 4), InputError);
  EXPECT_THROW(make_reducer<float>("exact", *world, {2, 2}, {data}, data, 4), RunError);
  EXPECT_THROW(make_reducer<float>("exact", *world, {0, 1}, {data}, data, 4), RunError);
  EXPECT_THROW(make_reducer<float>("exact", *world, plan, {data, data}, data, 4), RunError);
  const auto reducer = make_reducer<float>("exact", *world, plan, {data}, data, 4);
  EXPECT_THROW(reducer->start(0, 5), RunError);
  EXPECT_THROW(reducer->start(3, 2), RunError);
  const std::vector<double> three(3);
  EXPECT_THROW(tree_total(*world, plan, three, 2), RunError);
  EXPECT_THROW(SmallSums(*world, {2, 2}, 1), RunError);
}

TEST(Reducer, NamesAreThoseThatCanBeMade) {
  EXPECT_EQ(reducer_names(), (std::vector<std::string>{"exact", "native"}));
  const auto world = make_single();
  std::vector<double> value(4);
  for (const std::string& name : reducer_names()) {
    EXPECT_NE(make_reducer<double>(name, *world, {3, 1}, {value.data()}, value.data(), 4), nullptr);
  }
}

}  // namespace
}  // namespace rondo
