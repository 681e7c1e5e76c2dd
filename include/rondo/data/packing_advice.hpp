// How well sequences fill their windows, and which window or lanes would do better: for
// notices. Nothing here reaches a result.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rondo/data/sequence_plan.hpp"

namespace rondo {

// Of the windows of an epoch.
struct PackingSummary {
  double filled = 0;                           // share of their steps that spans cover
  double second_filled = 0;                    // likewise of the second axis; 0: there is none
  double sequences_mean = 0;                   // that end in a window, which is an update
  double sequences_p5 = 0, sequences_p95 = 0;  // percentiles of them
  std::int64_t windows = 0;
  std::int64_t without_end = 0;  // of these: no sequence ends there, as those that go on do not
  std::int64_t longest = 0;      // sequence: steps

  // Of the axis that is filled worse.
  double filled_at_least() const {
    return second_filled > 0 && second_filled < filled ? second_filled : filled;
  }
};

// Plans the epoch, and no other; memory as plan_bytes.
PackingSummary packing_summary(std::span<const std::int32_t> lengths, const PackingShape& shape,
                               std::int64_t epoch = 0);

struct BetterWindow {
  std::int64_t window = 0;
  std::int64_t lanes = 0;  // as they are; fewer where the window is more than twice as long
  double filled_now = 0;   // filled_at_least(); both of a sample of the sequences
  PackingSummary then;     // of the same sample
};
// Of packed sequences: the nearest window that fills 90 % of each axis, or nearly as much as the
// best one near; none where windows are filled so, or where no other near is better by 5 %. Looks
// from half of the window to twice as much with the same lanes, and to eight times with so many
// fewer that updates stay as large. Takes well under a second.
std::optional<BetterWindow> better_window(std::span<const std::int32_t> lengths,
                                          const PackingShape& shape);

struct BetterLanes {
  std::int64_t lanes = 0;
  double filled = 0;
};
// Of carried sequences: the most lanes, of a half, a quarter, ... of these, a multiple of 8 where
// there is one, that fill 90 %, or one where none do. None where windows are filled so, or as well.
std::optional<BetterLanes> fuller_lanes(std::span<const std::int32_t> lengths,
                                        const PackingShape& shape);

constexpr std::int64_t fewest_updates = 20;  // in an epoch, without a notice
// The most lanes with which an epoch has fewest_updates: a multiple of 8 where there is one. None
// where it has them already, or with no number of lanes.
std::optional<std::int64_t> better_lanes(std::span<const std::int32_t> lengths,
                                         const PackingShape& shape);

}  // namespace rondo
