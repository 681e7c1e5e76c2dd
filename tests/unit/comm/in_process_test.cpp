#include "rondo/comm/in_process.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "group_checks.hpp"
#include "reducer_checks.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

std::vector<test::CommCheck> all_checks() {
  std::vector<test::CommCheck> all(std::begin(test::comm_checks), std::end(test::comm_checks));
  all.insert(all.end(), std::begin(test::group_checks), std::end(test::group_checks));
  all.insert(all.end(), std::begin(test::reducer_checks), std::end(test::reducer_checks));
  return all;
}

class InProcess : public testing::TestWithParam<std::tuple<test::CommCheck, int>> {};

TEST_P(InProcess, Check) {
  const auto [check, ranks] = GetParam();
  run_in_process(ranks, check.body);
}

INSTANTIATE_TEST_SUITE_P(Comm, InProcess,
                         testing::Combine(testing::ValuesIn(all_checks()), testing::Range(1, 9)),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param).name) + "_" +
                                  std::to_string(std::get<1>(info.param)) + "_ranks";
                         });

class Single : public testing::TestWithParam<test::CommCheck> {};

TEST_P(Single, Check) {
  const auto world = make_single();
  GetParam().body(*world);
}

INSTANTIATE_TEST_SUITE_P(Comm, Single, testing::ValuesIn(all_checks()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Single, HasNobodyToTalkTo) {
  const auto world = make_single();
  std::vector<std::byte> bytes(4), shorter(3);
  EXPECT_THROW(world->send(bytes, 0), RunError);
  EXPECT_THROW(world->receive(bytes, 0), RunError);
  EXPECT_THROW(world->broadcast(bytes, 1), RunError);
  EXPECT_THROW(world->exchange(bytes, 0, shorter, 0), RunError);
}

TEST(Single, AbortEndsTheProcessWithANonZeroCode) {
  EXPECT_EXIT(make_single()->abort(3), testing::ExitedWithCode(3), "");
  EXPECT_EXIT(make_single()->abort(0), testing::ExitedWithCode(1), "");
}

// The ranks wait in each kind of call while one of them fails: all end, and its error is rethrown.
TEST(InProcessFailure, OfOneRankEndsAll) {
  const std::vector<std::function<void(Communicator&)>> waits = {
      [](Communicator& world) { world.barrier(); },
      [](Communicator& world) {
        std::vector<std::byte> bytes(9);
        world.receive(bytes, 2);
      },
      [](Communicator& world) {
        std::vector<std::int64_t> values(9);
        world.total(values);
      },
      [](Communicator& world) {
        for (;;) {  // ranks 0 and 1 never wait for rank 2, but end all the same
          std::vector<std::byte> bytes(1);
          world.exchange(bytes, world.rank() ^ 1, bytes, world.rank() ^ 1);
        }
      },
  };
  for (const auto& wait : waits) {
    std::atomic<int> unblocked = 0;
    const auto body = [&](Communicator& world) {
      if (world.rank() == 2) throw std::out_of_range("rank 2's own reason");
      try {
        wait(world);
      } catch (const RunError&) {
        ++unblocked;
        throw;
      }
    };
    try {
      run_in_process(4, body);
      ADD_FAILURE() << "nothing was rethrown";
    } catch (const std::out_of_range& error) {
      EXPECT_STREQ(error.what(), "rank 2's own reason");
    }
    EXPECT_EQ(unblocked, 3);
  }
}

TEST(InProcessFailure, WaitingForARankThatHasReturnedIsAnError) {
  EXPECT_THROW(run_in_process(3,
                              [](Communicator& world) {
                                if (world.rank() != 1) world.barrier();
                              }),
               RunError);
  EXPECT_THROW(run_in_process(2,
                              [](Communicator& world) {
                                std::vector<std::byte> bytes(1);
                                if (world.rank() == 0) world.receive(bytes, 1);
                              }),
               RunError);
}

TEST(InProcessFailure, AbortIsRethrown) {
  EXPECT_THROW(run_in_process(3,
                              [](Communicator& world) {
                                if (world.rank() == 1) world.abort(7);
                                world.barrier();
                              }),
               RunError);
}

TEST(InProcessFailure, LengthsThatDoNotMatchAreErrors) {
  EXPECT_THROW(run_in_process(2,
                              [](Communicator& world) {
                                std::vector<std::byte> bytes(world.rank() == 0 ? 3 : 4);
                                world.exchange(bytes, 1 - world.rank(), bytes, 1 - world.rank());
                              }),
               RunError);
  EXPECT_THROW(run_in_process(2,
                              [](Communicator& world) {
                                std::vector<std::byte> bytes(world.rank() == 0 ? 3 : 4);
                                world.broadcast(bytes, 0);
                              }),
               RunError);
  EXPECT_THROW(run_in_process(2,
                              [](Communicator& world) {
                                const std::vector<std::byte> bytes(1);
                                world.send(bytes, 2);
                              }),
               RunError);
  EXPECT_THROW(run_in_process(0, [](Communicator&) {}), RunError);
}

}  // namespace
}  // namespace rondo
