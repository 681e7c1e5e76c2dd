// Random choices among the units of a layer: by whose step it is, and unit.
#pragma once

#include <cstdint>

#include "rondo/core/panels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/core/window.hpp"

namespace rondo {

// The units of a panel, a bit each, whose uniform number at that step is `probability` or more.
inline std::uint64_t drawn_units(const RandomStream& random, float probability,
                                 const Panels& panels, int panel, const Owner& owner) {
  std::uint64_t drawn = 0;
  for (int u = 0; u < panels.valid(panel); u += 4) {
    const auto quad = static_cast<std::uint32_t>((panel * Panels::full + u) / 4);
    const RandomStream::Block bits = random.block(quad, static_cast<std::uint32_t>(owner.sequence),
                                                  static_cast<std::uint32_t>(owner.step));
    for (int i = 0; i < 4; ++i) {
      const bool above = unit_float(bits[static_cast<std::size_t>(i)]) >= probability;
      drawn |= static_cast<std::uint64_t>(above) << (u + i);
    }
  }
  return drawn;
}

}  // namespace rondo
