// A step's communication allocates nothing once it has run: operator new is counted, the message
// library's own memory is its own affair.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "mpi_main.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/small_sums.hpp"

namespace {

std::atomic<std::int64_t> allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace rondo {
namespace {

// The number of allocations of a third and fourth step.
std::int64_t allocations_in_steps(const std::function<void()>& step) {
  step();
  step();
  const std::int64_t before = allocations;
  step();
  step();
  return allocations - before;
}

TEST(Allocations, AreSeen) {
  EXPECT_EQ(allocations_in_steps([] { delete new int; }), 2);
  EXPECT_EQ(allocations_in_steps([] {}), 0);
}

TEST(Allocations, AReductionMakesNone) {
  Communicator& world = test::mpi_world();
  const std::size_t size = 100'003;
  for (const std::string& strategy : reducer_names()) {
    for (const std::int64_t blocks : {world.size(), 3 * world.size() + 1}) {
      const BlockPlan plan{blocks, world.size()};
      std::vector<std::vector<float>> values;
      std::vector<float*> contributions;
      for (std::size_t r = 0; r < plan.roots(world.rank()).size(); ++r) values.emplace_back(size);
      for (auto& value : values) contributions.push_back(value.data());
      const auto reducer =
          make_reducer<float>(strategy, world, plan, contributions, values[0].data(), size, 9'000);
      const std::int64_t made = allocations_in_steps([&] {
        for (std::size_t at = 0; at < size; at += 5'000) {
          reducer->start(at, std::min(at + 5'000, size));
          reducer->poll();
        }
        reducer->finish();
      });
      EXPECT_EQ(made, 0) << strategy << ", " << blocks << " blocks";
    }
  }
}

TEST(Allocations, SmallSumsAndExchangesMakeNone) {
  Communicator& world = test::mpi_world();
  SmallSums sums(world, {3 * world.size(), world.size()}, 2, 2);
  EXPECT_EQ(allocations_in_steps([&] { sums.join(); }), 0);
  const int to = (world.rank() + 1) % world.size();
  const int from = (world.rank() + world.size() - 1) % world.size();
  std::vector<std::byte> outgoing(250'000), incoming(250'000);
  EXPECT_EQ(allocations_in_steps([&] { world.exchange(outgoing, to, incoming, from); }), 0);
}

}  // namespace
}  // namespace rondo
