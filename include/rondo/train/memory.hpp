// What a rank's memory is spent on: how much it works on at a time, and what a run needs, known
// before it starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/core/lane_plan.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/model/network.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

// The largest group of a rank's blocks whose activations fit into `budget` bytes: all of them, else
// a power of two, at least one block. Logits are kept for the whole window where one block allows
// it, else for a few time steps. A function of its arguments alone, so that what is known before a
// run is what the run does.
template <class Real>
PassShape bounded_pass(const NetworkPlan& model, std::int64_t block, std::int64_t own_blocks,
                       const LongestWindow& longest, bool training, std::uint64_t budget);

// A rank's training in a configuration, whose `memory` is the budget; in pieces of `recompute`
// steps, if it asks for them and windows are longer, of one block at a time.
template <class Real>
PassShape training_pass(const Config& config, const NetworkPlan& model, std::int64_t own_blocks,
                        const LongestWindow& longest);

// A part of what a rank allocates in a run.
struct MemoryItem {
  std::string name;
  std::uint64_t bytes = 0;
};

// The parts of a rank's memory, all that they are at their peak: while a checkpoint's image is in
// memory. The program itself and its libraries come on top. Checkpoints that are asked for faster
// than they are written hold one more state each, up to two. `config` is complete; `validation` is
// null where it never validates.
template <class Real>
std::vector<MemoryItem> memory_of_rank(const Config& config, const NetworkPlan& model,
                                       const WindowSource& training, const WindowSource* validation,
                                       const LanePlan& plan, int rank);

// Bytes of a checkpoint's values: its file is little larger.
template <class Real>
std::uint64_t checkpoint_bytes(const Config& config, const NetworkPlan& model);

std::uint64_t total_bytes(const std::vector<MemoryItem>& parts);

}  // namespace rondo
