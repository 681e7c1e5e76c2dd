#include "model/stage_identity.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(StageIdentities, NumberTheStagesOfEachKind) {
  StageIdentities identities(7);
  EXPECT_EQ(identities.next(StageKind::embedding).number, 0U);
  EXPECT_EQ(identities.next(StageKind::dropout).number, 0U);
  EXPECT_EQ(identities.next(StageKind::recurrent).number, 0U);
  EXPECT_EQ(identities.next(StageKind::dropout).number, 1U);
  EXPECT_EQ(identities.next(StageKind::recurrent).number, 1U);
  EXPECT_EQ(identities.next(StageKind::dropout).seed, 7U);
}

// Part of the numerics version: the first layer's draws are those of number 0, and so on.
TEST(StageIdentities, DrawByTheirNumber) {
  const StageIdentity second{7, 1};
  EXPECT_EQ(second.stream(Purpose::dropout, 5).block(3),
            RandomStream(7, Purpose::dropout, 5, 1).block(3));
  EXPECT_NE(second.stream(Purpose::dropout, 5).block(3),
            (StageIdentity{7, 2}.stream(Purpose::dropout, 5).block(3)));
}

}  // namespace
}  // namespace rondo
