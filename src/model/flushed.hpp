// What is written below 2^-60 is +0 (kernels/math.hpp), value by value.
#pragma once

#include <cmath>

namespace rondo {

template <class Real>
Real flushed(Real x) {
  return std::abs(x) < Real(0x1p-60) ? Real{0} : x;
}

}  // namespace rondo
