#include "rondo/core/lane_plan.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(BlockPlan, SharesContiguousBlocksAsEquallyAsCanBe) {
  const BlockPlan plan{11, 4};
  EXPECT_EQ(plan.begin(0), 0);
  EXPECT_EQ(plan.end(0), 3);
  EXPECT_EQ(plan.end(1), 6);
  EXPECT_EQ(plan.end(2), 9);
  EXPECT_EQ(plan.end(3), 11);
  EXPECT_DOUBLE_EQ(plan.idle(), 1.0 - 11.0 / 12.0);
  EXPECT_EQ((BlockPlan{12, 4}.idle()), 0.0);
}

TEST(LanePlan, SharesWholeBlocksOfLanes) {
  const LanePlan plan{44, 4, 4};
  EXPECT_EQ(plan.blocks().blocks, 11);
  std::int64_t next = 0;
  for (int rank = 0; rank < 4; ++rank) {
    const LaneShare share = plan.share(rank);
    EXPECT_EQ(share.first_lane(), next);
    EXPECT_EQ(share.blocks(), rank < 3 ? 3 : 2);
    EXPECT_EQ(share.lanes(), 4 * share.blocks());
    EXPECT_EQ(share.last_lane(), share.first_lane() + share.lanes());
    next = share.last_lane();
  }
  EXPECT_EQ(next, 44);
  EXPECT_EQ(plan.blocks().most(), 3);
}

}  // namespace
}  // namespace rondo
