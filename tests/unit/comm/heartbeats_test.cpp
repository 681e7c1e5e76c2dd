#include "rondo/comm/heartbeats.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "rondo/comm/in_process.hpp"

namespace rondo {
namespace {

// Exchanges until the rank's word is known here.
void await_word(Heartbeats& heartbeats, std::uint64_t mine, int rank, std::uint64_t word) {
  while (heartbeats.beats()[static_cast<std::size_t>(rank)].word != word) {
    heartbeats.exchange(mine);
    std::this_thread::yield();
  }
}

void take_leave(Heartbeats& heartbeats) {
  while (!heartbeats.finish()) std::this_thread::yield();
}

TEST(Heartbeats, NewsOfEachRankReachesAll) {
  for (const int ranks : {1, 2, 3, 5, 8}) {
    run_in_process(ranks, [](Communicator& world) {
      Heartbeats heartbeats(world);
      for (const std::uint64_t base : {100U, 200U}) {
        const std::uint64_t mine = base + static_cast<std::uint64_t>(world.rank());
        heartbeats.exchange(mine);
        for (int rank = 0; rank < world.size(); ++rank) {
          await_word(heartbeats, mine, rank, base + static_cast<std::uint64_t>(rank));
        }
        world.barrier();  // what the ranks' own threads send stays apart
      }
      take_leave(heartbeats);
    });
  }
}

TEST(Heartbeats, ASilentRankKeepsNobodyFromHearing) {
  std::atomic<int> listening = 3;
  run_in_process(5, [&](Communicator& world) {
    constexpr int silent = 2;
    Heartbeats heartbeats(world);
    if (world.rank() != silent) {
      for (int rank = 0; rank < world.size(); ++rank) {
        if (rank != silent) {
          await_word(heartbeats, 10 + static_cast<std::uint64_t>(world.rank()), rank,
                     10 + static_cast<std::uint64_t>(rank));
        }
      }
      EXPECT_EQ(heartbeats.beats()[silent].count, 0U);
      // The rank behind it goes on to be heard of; all pass it on until the others have heard.
      const std::uint64_t before = heartbeats.beats()[silent + 1].count;
      bool listens = world.rank() != silent + 1;
      while (listening > 0) {
        heartbeats.exchange(10 + static_cast<std::uint64_t>(world.rank()));
        if (listens && heartbeats.beats()[silent + 1].count >= before + 3) {
          listens = false;
          --listening;
        }
        std::this_thread::yield();
      }
    }
    world.barrier();
    take_leave(heartbeats);
  });
}

TEST(Heartbeats, LeaveIsTakenWhoeverSpokeHowOften) {
  run_in_process(4, [](Communicator& world) {
    Heartbeats heartbeats(world);
    for (int i = 0; i < 7 * world.rank(); ++i) heartbeats.exchange(1);
    take_leave(heartbeats);
    EXPECT_TRUE(heartbeats.finish());
  });
}

}  // namespace
}  // namespace rondo
