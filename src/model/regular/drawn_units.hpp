// Random choices among the units of a layer: by lane of the run, time and unit.
#pragma once

#include <cstdint>

#include "rondo/core/panels.hpp"
#include "rondo/core/random.hpp"

namespace rondo {

// The units of a panel, a bit each, whose uniform number at that lane and time is `probability` or
// more.
inline std::uint64_t drawn_units(const RandomStream& random, float probability,
                                 const Panels& panels, int panel, std::int64_t lane, int t) {
  std::uint64_t drawn = 0;
  for (int u = 0; u < panels.valid(panel); u += 4) {
    const auto quad = static_cast<std::uint32_t>((panel * Panels::full + u) / 4);
    const RandomStream::Block bits =
        random.block(quad, static_cast<std::uint32_t>(lane), static_cast<std::uint32_t>(t));
    for (int i = 0; i < 4; ++i) {
      const bool above = unit_float(bits[static_cast<std::size_t>(i)]) >= probability;
      drawn |= static_cast<std::uint64_t>(above) << (u + i);
    }
  }
  return drawn;
}

}  // namespace rondo
