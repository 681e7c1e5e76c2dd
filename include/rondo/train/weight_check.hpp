// Whether all ranks still hold the same weights: after hours of training, a bit that fell over in
// one host's memory would otherwise spoil a run unseen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"

namespace rondo {

// 64 bits of all bytes, at the speed of memory, no cryptography: two contents that differ by chance
// have the same digest once in 2^64, and never if they differ in one aligned 64-bit word alone.
std::uint64_t quick_digest(std::span<const std::byte> bytes);

struct OddRanks {
  std::vector<int> ranks;  // whose digest is not that of most ranks; empty: all are the same
  bool majority = true;    // false: no digest is most ranks', they differ from rank 0's
};

// The same answer on every rank. Collective.
OddRanks find_odd_ranks(Communicator& world, std::uint64_t digest);

// Throws on all ranks, as an AgreedError with code `failure`, a sentence that names the ranks of
// `odd`, if there are any. `last_checkpoint`: the step of the last good one, negative if there is
// none. Collective.
void refuse_odd_ranks(Communicator& world, const OddRanks& odd, std::int64_t step,
                      std::int64_t last_checkpoint);

}  // namespace rondo
