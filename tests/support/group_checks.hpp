// What groups of ranks that work apart must be able to do, as comm_checks.hpp has it for a world.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

#include "comm_checks.hpp"
#include "rondo/comm/stop_relay.hpp"

namespace rondo::test {

// Groups of ranks 0, 3, 6, ..., 1, 4, ... and 2, 5, ... work apart, each at a pace of its own; what
// is derived from a group is the group's. The world's calls go on afterwards.
inline void check_split(Communicator& world) {
  const int color = world.rank() % 3;
  const std::unique_ptr<Communicator> group = world.split(color);
  const std::unique_ptr<Communicator> copy = group->duplicate();
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(world.size()), -1);
  for (int round = 0; round <= color; ++round) group->barrier();
  numbers[static_cast<std::size_t>(group->rank())] = world.rank();
  copy->maximum(numbers);
  std::vector<std::byte> mark(5);
  const int next = (group->rank() + 1) % group->size();
  const int before = (group->rank() + group->size() - 1) % group->size();
  group->exchange(marked_bytes(5, world.rank()), next, mark, before);
  std::int64_t all = 1;
  world.total(std::span(&all, 1));
  std::vector<std::int64_t> expected(static_cast<std::size_t>(world.size()), -1);
  int size = 0;
  for (int rank = color; rank < world.size(); rank += 3) {
    expected[static_cast<std::size_t>(size++)] = rank;
  }
  EXPECT_EQ(group->size(), size);
  EXPECT_EQ(group->rank(), world.rank() / 3);
  EXPECT_EQ(copy->size(), size);
  EXPECT_EQ(numbers, expected);
  EXPECT_EQ(mark, marked_bytes(5, color + 3 * before));
  EXPECT_EQ(all, world.size());
}

// One rank alone is asked to stop, and all hear of it, those too that have nothing left to do;
// where none is asked, none does.
inline void check_stop_relay(Communicator& world) {
  const int last = world.size() - 1;
  const auto never = [] { return false; };
  StopRelay quiet(world);
  const bool before = quiet.told(false);
  quiet.finish(never);
  world.barrier();
  StopRelay working(world);
  while (!working.told(world.rank() == last)) std::this_thread::yield();
  working.finish(never);
  world.barrier();
  StopRelay waiting(world);
  if (world.rank() > 0) {
    waiting.finish([&] { return world.rank() == last; });
  } else {
    while (!waiting.told(last == 0)) std::this_thread::yield();
    waiting.finish(never);
  }
  EXPECT_FALSE(before);
  EXPECT_FALSE(quiet.told(false));
  EXPECT_TRUE(waiting.told(false));
}

inline const CommCheck group_checks[] = {
    {"split", check_split},
    {"stop_relay", check_stop_relay},
};

}  // namespace rondo::test
