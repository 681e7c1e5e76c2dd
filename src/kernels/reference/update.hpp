// What the updates' plain twins share (reference/updates/).
#pragma once

#include <cmath>
#include <limits>

#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo::kernels::reference {

// Below the smallest normal number: +0. NaN stays.
template <class Real>
Real normal_or_zero(Real x) {
  return std::fabs(x) < std::numeric_limits<Real>::min() ? Real{0} : x;
}

}  // namespace rondo::kernels::reference
