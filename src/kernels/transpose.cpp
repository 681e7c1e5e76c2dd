// Runs once an update over each matrix, and moves 64 x 64 squares that fit the first cache: plain
// loops cost well under a hundredth of a step.
#include "rondo/kernels/transpose.hpp"

#include <algorithm>
#include <cstddef>

namespace rondo::kernels {
namespace {

// to[unit][column] = from[column][unit] for one square.
template <class Real>
void transpose_square(const Real* from, int from_width, int units, int columns, Real* to,
                      int to_width) {
  for (int unit = 0; unit < units; ++unit) {
    Real* row = to + static_cast<std::ptrdiff_t>(unit) * to_width;
    for (int column = 0; column < columns; ++column) {
      row[column] = from[static_cast<std::ptrdiff_t>(column) * from_width + unit];
    }
    std::fill(row + columns, row + to_width, Real(0));
  }
}

}  // namespace

template <class Real>
void transpose(Panels units, int gates, int columns, const Real* weights, Real* transposed,
               int panel_begin, int panel_end) {
  const Panels outputs{columns};
  const std::ptrdiff_t full = Panels::full;
  for (int p = panel_begin; p < panel_end; ++p) {
    Real* panel = transposed + p * full * gates * units.units;
    for (int gate = 0; gate < gates; ++gate) {
      for (int j = 0; j < units.count(); ++j) {
        const std::ptrdiff_t width = units.width(j);
        const Real* from =
            weights + j * full * gates * columns + (gate * columns + p * full) * width;
        Real* to =
            panel + (static_cast<std::ptrdiff_t>(gate) * units.units + j * full) * outputs.width(p);
        transpose_square(from, units.width(j), units.valid(j), outputs.valid(p), to,
                         outputs.width(p));
      }
    }
  }
}
template void transpose(Panels, int, int, const float*, float*, int, int);
template void transpose(Panels, int, int, const double*, double*, int, int);

}  // namespace rondo::kernels
