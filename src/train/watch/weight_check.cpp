#include "rondo/train/weight_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace rondo {
namespace {

constexpr std::size_t lanes = 8;  // chains side by side: a multiplication takes three cycles
using Words = std::array<std::uint64_t, lanes>;

// One to one in each argument, so that no single difference is lost. A product spreads a difference
// to the bits above it alone: a factor on either side of the rotation leaves none in one bit, which
// a bit of the next word could take back.
std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
  return std::rotl(state ^ word * 0xD6E8FEB86659FD93U, 31) * 0x9E3779B97F4A7C15U;
}

void mix_in(Words& state, const std::byte* bytes, std::size_t count) {
  Words words{};
  std::memcpy(words.data(), bytes, count);
  for (std::size_t i = 0; i < lanes; ++i) state[i] = mix(state[i], words[i]);
}

}  // namespace

std::uint64_t quick_digest(std::span<const std::byte> bytes) {
  Words state{};
  for (std::size_t i = 0; i < lanes; ++i) state[i] = i + 1;
  std::size_t at = 0;
  for (; at + sizeof state <= bytes.size(); at += sizeof state) {
    mix_in(state, bytes.data() + at, sizeof state);
  }
  if (at < bytes.size()) mix_in(state, bytes.data() + at, bytes.size() - at);
  std::uint64_t digest = bytes.size();
  for (const std::uint64_t lane : state) digest = mix(digest, lane);
  return digest;
}

OddRanks find_odd_ranks(Communicator& world, std::uint64_t digest) {
  const auto mine = std::bit_cast<std::int64_t>(digest);
  // The largest and the smallest: where they are the same, all are.
  std::array<std::int64_t, 2> extremes{mine, ~mine};
  world.maximum(extremes);
  if (extremes[0] == ~extremes[1]) return {};

  std::vector<std::int64_t> all(static_cast<std::size_t>(world.size()),
                                std::numeric_limits<std::int64_t>::min());
  all[static_cast<std::size_t>(world.rank())] = mine;
  world.maximum(all);
  const auto holders = [&](std::int64_t value) {
    return std::count(all.begin(), all.end(), value);
  };
  const std::int64_t usual = *std::max_element(
      all.begin(), all.end(), [&](auto a, auto b) { return holders(a) < holders(b); });
  OddRanks odd;
  odd.majority = 2 * holders(usual) > world.size();
  const std::int64_t expected = odd.majority ? usual : all.front();
  for (int rank = 0; rank < world.size(); ++rank) {
    if (all[static_cast<std::size_t>(rank)] != expected) odd.ranks.push_back(rank);
  }
  return odd;
}

void refuse_odd_ranks(Communicator& world, const OddRanks& odd, std::int64_t step,
                      std::int64_t last_checkpoint) {
  if (odd.ranks.empty()) return;
  std::string sentence;
  if (std::find(odd.ranks.begin(), odd.ranks.end(), world.rank()) != odd.ranks.end()) {
    sentence = fmt::format(
        "after step {} this rank's weights are not those of {}: a host's memory or processor has "
        "erred; {} with --resume",
        step, odd.majority ? "the other ranks" : "rank 0",
        last_checkpoint >= 0 ? fmt::format("go on from the checkpoint of step {}", last_checkpoint)
                             : "go on from the last checkpoint, if there is one,");
    if (odd.ranks.size() > 1) {
      sentence += fmt::format(" (ranks that differ: {})", fmt::join(odd.ranks, ", "));
    }
  }
  agree(world, sentence, static_cast<int>(ExitCode::failure));
}

}  // namespace rondo
