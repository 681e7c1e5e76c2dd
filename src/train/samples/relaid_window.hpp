// Samples of a window, each in a lane of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/core/thinning.hpp"
#include "rondo/core/window.hpp"
#include "rondo/data/columns.hpp"

namespace rondo {

// A sample: steps of a lane, on the first axis and on the second.
struct LanePiece {
  Span span;  // of a text without a sequence: -1
  std::int32_t second_first = 0, second_length = 0;
};

// All that a window holds: its spans, or, in streams, its lanes. By lane, then first step.
std::vector<LanePiece> pieces_of(const Window& window);

// A window of these pieces of `all`, each from the first step of a lane of its own on, in their
// order, as long as the longest. `columns`: as the windows' source reads them; `thinning`: of the
// windows.
Window relaid(const Window& all, std::span<const LanePiece> pieces, const Columns& columns,
              const Thinning& thinning);

}  // namespace rondo
