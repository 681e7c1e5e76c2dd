// What the cells' plain twins share (reference/gates/): they go unit by unit, their expressions are
// the definition, and the vector code in kernels/gates/ follows them operation by operation.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>

#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

namespace rondo::kernels::reference {

// d through y = logistic(a) or y = tanh(a): d dy/da.
template <class Real>
Real logistic_gradient(Real d, Real y) {
  return d * (y * (1 - y));
}
template <class Real>
RONDO_FUSED Real tanh_gradient(Real d, Real y) {
  return d * std::fma(-y, y, Real{1});
}

// Calls unit(lane, at) for the valid units of each lane, `at` the position in an array
// [lane][width], and sets the padding of `outputs` to +0.
template <class Real, class Step, class Unit>
RONDO_FUSED void for_each_unit(const Step& step, std::initializer_list<Real*> outputs, Unit unit) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const std::size_t begin = static_cast<std::size_t>(lane) * static_cast<std::size_t>(step.width);
    for (int u = 0; u < step.valid; ++u) unit(lane, begin + static_cast<std::size_t>(u));
    for (Real* output : outputs) {
      std::fill(output + begin + step.valid, output + begin + step.width, Real{0});
    }
  }
}

template <class Real>
Real* slot(const CellForward<Real>& step, int number) {
  return step.gates + static_cast<std::size_t>(number) * step.slot_stride;
}
template <class Real>
Real* slot(const CellBackward<Real>& step, int number) {
  return step.gates + static_cast<std::size_t>(number) * step.slot_stride;
}

// Diagonal weight number `number` of the unit at position `at` of a lane.
template <class Step>
auto diagonal(const Step& step, int number, int lane, std::size_t at) {
  const std::ptrdiff_t unit = static_cast<std::ptrdiff_t>(at) - std::ptrdiff_t{lane} * step.width;
  return step.diagonals[std::ptrdiff_t{number} * step.width + unit];
}

template <class Real>
bool next_is_reset(const CellForward<Real>& step, int lane) {
  return step.reset_next != nullptr && step.reset_next[lane] != 0;
}

// What arrives at the output of t - 1 from the layer above.
template <class Real>
Real above(const CellBackward<Real>& step, std::size_t at) {
  return step.from_above != nullptr ? step.from_above[at] : Real{0};
}

}  // namespace rondo::kernels::reference
