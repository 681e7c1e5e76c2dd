// Labels that are spelt by steps, each of which says a label or the blank: equal neighbours are
// one, then blanks are left out (src/model/heads/ctc.hpp).
#pragma once

#include <cstdint>
#include <span>

namespace rondo {

// Steps that a list of labels needs at least: one a label, and a blank between equal neighbours.
inline std::int64_t steps_to_spell(std::span<const std::int32_t> labels) {
  auto steps = static_cast<std::int64_t>(labels.size());
  for (std::size_t i = 1; i < labels.size(); ++i) steps += labels[i] == labels[i - 1] ? 1 : 0;
  return steps;
}

}  // namespace rondo
