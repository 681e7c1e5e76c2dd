// Values below 2^-60 in magnitude are written as +0, so that denormals slow nothing down
// (src/README.md).
#pragma once

#include <cmath>

namespace rondo {

inline constexpr float smallest_written = 0x1p-60F;

// A NaN stays.
template <class Real>
Real flushed(Real x) {
  return std::abs(x) < Real{smallest_written} ? Real{0} : x;
}

}  // namespace rondo
