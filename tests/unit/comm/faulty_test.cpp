#include "rondo/comm/faulty.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stop_token>

#include "comm_checks.hpp"
#include "reducer_checks.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

TEST(Faulty, FailsAtTheNthCallOfAKind) {
  const auto single = make_single();
  FaultPlan plan;
  plan.fail = FaultPoint{CommCall::barrier, 2};
  const auto world = make_faulty(*single, plan);
  std::vector<std::int64_t> values(1);
  world->maximum(values);
  world->barrier();
  world->maximum(values);
  EXPECT_THROW(world->barrier(), RunError);
  world->barrier();
}

TEST(Faulty, CountsCallsOfAllKinds) {
  const auto single = make_single();
  FaultPlan plan;
  plan.fail = FaultPoint{CommCall::any, 3};
  const auto world = make_faulty(*single, plan);
  std::vector<std::int64_t> values(1);
  world->maximum(values);
  world->barrier();
  EXPECT_THROW(world->total(values), RunError);
}

TEST(Faulty, WhatIsDerivedFollowsThePlanAnew) {
  const auto single = make_single();
  FaultPlan plan;
  plan.fail = FaultPoint{CommCall::barrier, 1};
  const auto world = make_faulty(*single, plan);
  const auto copy = world->duplicate(), part = world->split(0);
  EXPECT_THROW(world->barrier(), RunError);
  EXPECT_THROW(copy->barrier(), RunError);
  EXPECT_THROW(part->barrier(), RunError);
}

// One rank fails in the middle of a reduction, wherever that is: all ranks end.
TEST(Faulty, AFailureAnywhereInAReductionEndsAllRanks) {
  for (const int ranks : {2, 3, 4}) {
    for (std::int64_t nth = 1; nth <= 8; ++nth) {
      std::atomic<int> ended = 0;
      const auto body = [&](Communicator& world) {
        FaultPlan plan;
        if (world.rank() == 1) plan.fail = FaultPoint{CommCall::any, nth};
        const auto faulty = make_faulty(world, plan);
        try {
          test::reduce<float>(*faulty, "exact", {8, 101, 10, {{0, 101}}});
        } catch (const RunError&) {
          ++ended;
          throw;
        }
      };
      EXPECT_THROW(run_in_process(ranks, body), RunError);
      EXPECT_EQ(ended, ranks);
    }
  }
}

// Ranks that are slow at different moments change no bit. Pieces below and above the length from
// which halving sends less than whole pieces.
TEST(Faulty, DelaysDoNotChangeResults) {
  for (const int ranks : {1, 2, 3, 4, 5, 7, 8}) {
    run_in_process(ranks, [](Communicator& world) {
      FaultPlan plan;
      plan.delay_seed = static_cast<std::uint64_t>(world.rank());
      plan.max_delay_us = 200;
      const auto slow = make_faulty(world, plan);
      for (const std::int64_t blocks : {11, 8}) {
        for (const test::Reduced& what :
             {test::Reduced{blocks, 101, 10, {{0, 101}}, false, true},
              test::Reduced{blocks, 40'000, 6'000, {{12'000, 40'000}, {0, 12'000}}, true, true}}) {
          const auto result = test::reduce<float>(*slow, "exact", what);
          const auto expected = test::total_values<float>(blocks, what.size);
          EXPECT_EQ(test::differences(result, expected), 0u) << world.size() << " ranks";
        }
      }
    });
  }
  run_in_process(5, [](Communicator& world) {
    FaultPlan plan;
    plan.delay_seed = static_cast<std::uint64_t>(world.rank());
    plan.max_delay_us = 200;
    const auto slow = make_faulty(world, plan);
    for (const test::CommCheck& check : test::comm_checks) check.body(*slow);
  });
}

// A transfer that is delayed is not done, and its end is not lost.
TEST(Faulty, ADelayedTransferIsDoneLater) {
  const auto single = make_single();
  FaultPlan plan;
  plan.max_delay_us = 300'000;
  const auto world = make_faulty(*single, plan);
  const auto transfer = world->make_transfer(0);
  const auto outgoing = test::marked_bytes(9, 1);
  std::vector<std::byte> incoming(9);
  transfer->send(outgoing, 0);
  transfer->receive(incoming, 0);
  EXPECT_FALSE(transfer->done());
  transfer->wait();
  EXPECT_TRUE(transfer->done());
  EXPECT_EQ(incoming, outgoing);
}

TEST(Faulty, HangsUntilReleased) {
  std::stop_source release;
  std::atomic<bool> was_past = false;
  const auto body = [&](Communicator& world) {
    if (world.rank() == 1) {
      FaultPlan plan;
      plan.hang = FaultPoint{CommCall::barrier, 2};
      plan.release = release.get_token();
      const auto faulty = make_faulty(world, plan);
      faulty->barrier();
      faulty->barrier();
      was_past = true;
    } else {
      world.barrier();
      release.request_stop();
      world.barrier();
      was_past = true;
    }
  };
  EXPECT_THROW(run_in_process(2, body), RunError);
  EXPECT_FALSE(was_past);
}

}  // namespace
}  // namespace rondo
