// What plans that lay sequences end to end in lanes need to know of them all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "rondo/core/errors.hpp"
#include "rondo/data/sequence_plan.hpp"

namespace rondo {

struct LaneMeasures {
  LaneMeasures(std::span<const std::int32_t> lengths, const PackingShape& shape);

  std::int64_t lanes;
  std::int64_t window;      // no longer than all sequences together
  std::int64_t total = 0;   // steps of all sequences
  std::size_t most_placed;  // spans in a window, where each sequence has one in it
};

inline LaneMeasures::LaneMeasures(std::span<const std::int32_t> lengths, const PackingShape& shape)
    : lanes(shape.lanes), window(shape.window) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (lengths.empty() || lanes < 1 || window < 1 || shape.alignment != 1 || !shape.second.empty()) {
    throw_run(
        "lanes of carried sequences need sequences, lanes and a window, all at least 1, and one "
        "axis");
  }
  if (lengths.size() > static_cast<std::size_t>(most)) {
    throw_input("a split has {} sequences, more than the {} that can be planned", lengths.size(),
                most);
  }
  if (window > most / lanes) {
    throw_input(
        "{} lanes of {} steps are more than the {} steps that a window can hold; give fewer lanes, "
        "or a shorter window",
        lanes, window, most);
  }
  std::int64_t shortest = most;
  for (const std::int32_t length : lengths) {
    shortest = std::min<std::int64_t>(shortest, length);
    total += length;
  }
  window = std::min(window, total);
  // In a lane one that goes on, for a step, then others.
  const std::int64_t in_a_lane = 1 + (window - 1 + shortest - 1) / shortest;
  most_placed = static_cast<std::size_t>(
      std::min(lanes * in_a_lane, static_cast<std::int64_t>(lengths.size())));
}

}  // namespace rondo
