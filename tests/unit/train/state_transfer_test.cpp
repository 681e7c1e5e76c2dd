// What rank 0 has loaded reaches every rank, whether its arrays go together or alone.
#include "train/saved/state_transfer.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "rondo/comm/in_process.hpp"

namespace rondo {
namespace {

std::vector<float> ascending(std::size_t size) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

TEST(BroadcastState, GivesEveryRankTextsAndArraysOfAnySize) {
  const std::vector<std::size_t> sizes = {0, 1, 16 * 1024, 16 * 1024 + 1, 300'000};
  run_in_process(3, [&](Communicator& world) {
    NamedState state;
    if (world.rank() == 0) {
      state.texts["config"] = "cell = lstm";
      state.put_scalar("counters/step", std::int64_t{42});
      for (const std::size_t size : sizes) {
        const auto values = ascending(size);
        state.put("of/" + std::to_string(size), std::span<const float>(values), {size});
      }
    } else {
      state.put_scalar("left over", 1.0F);
    }

    state = broadcast_state(world, std::move(state));

    EXPECT_EQ(state.texts.at("config"), "cell = lstm");
    EXPECT_EQ(state.arrays().size(), sizes.size() + 1);
    EXPECT_EQ(state.get_scalar<std::int64_t>("counters/step"), 42);
    for (const std::size_t size : sizes) {
      const NamedArray& array = state.arrays().at("of/" + std::to_string(size));
      const auto expected = ascending(size);
      EXPECT_EQ(array.shape, std::vector<std::uint64_t>{size});
      const auto bytes = std::as_bytes(std::span(expected));
      EXPECT_TRUE(std::ranges::equal(array.bytes, bytes)) << size << ", rank " << world.rank();
    }
  });
}

}  // namespace
}  // namespace rondo
