// Packed lanes: sequences end to end, with reset bits, so that there is no padding and every rank
// has equal work.
//
// Lane l of epoch e walks tokens [l n, (l + 1) n) of that epoch's concatenation, n = ceil(N /
// lanes), the tail masked. The order of documents is a function of seed and epoch (or the file's
// own order). State is fresh at the start of an epoch and of a document: reset bits may fall
// anywhere inside a window. The target of position i is token i + 1 of the same document, taken
// from the next lane's part at a lane's end; a document's last position is masked.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rondo/core/lane_plan.hpp"
#include "rondo/data/text_dataset.hpp"
#include "rondo/data/window_cuts.hpp"

namespace rondo {

// The T time steps between two updates, for this rank's lanes.
struct Window {
  std::int64_t index = 0;  // windows consumed before this one, over all epochs
  std::int64_t epoch = 0;
  int times = 0;                      // as WindowCuts says
  int lanes = 0;                      // of this rank
  std::vector<std::int32_t> inputs;   // [time][lane]; 0 where the lane has run out
  std::vector<std::int32_t> targets;  // [time][lane]; -1 where masked
  std::vector<std::uint8_t> resets;   // [time][lane]; 1: the state before this step is zero
  std::int64_t valid_targets() const;
};

struct LaneLayout {
  std::int64_t lanes = 0;                      // of the whole run
  std::int64_t first_lane = 0, last_lane = 0;  // this rank's
  std::int64_t window = 0;
  std::uint64_t seed = 0;
  bool shuffle = true;  // false: documents in the file's order (evaluation)
  bool varies = false;  // the windows' lengths, around `window`

  // A rank's lanes of a plan, walked as nothing else says.
  static LaneLayout of(const LanePlan& plan, int rank, std::int64_t window) {
    const LaneShare share = plan.share(rank);
    LaneLayout layout;
    layout.lanes = plan.lanes;
    layout.first_lane = share.first_lane();
    layout.last_lane = share.last_lane();
    layout.window = window;
    return layout;
  }
  WindowLengths lengths() const { return {window, varies, seed}; }
};

// Reads ahead on a thread of its own; reads only what its lanes need.
class LaneBatcher {
 public:
  // Starts before window `first_window`. The source must outlive the batcher.
  LaneBatcher(const TokenSource& source, const LaneLayout& layout, std::int64_t first_window);
  ~LaneBatcher();
  LaneBatcher(const LaneBatcher&) = delete;
  LaneBatcher& operator=(const LaneBatcher&) = delete;

  // Of the first epoch; of each where the lengths do not vary.
  std::int64_t windows_per_epoch() const;
  // The next window; the same memory is reused, valid until the next call. Rethrows what went wrong
  // while reading ahead. Never allocates after the first two calls.
  const Window& next();

  // Bytes that a batcher of this layout allocates, its source's table of documents included.
  static std::uint64_t bytes(const TokenSource& source, const LaneLayout& layout);

  // Where a lane stands before `window`: token offset within the epoch's concatenation.
  // Fast for all lanes of one window, and of later ones.
  std::int64_t cursor(std::int64_t lane, std::int64_t window);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
