// Runs once an update over each matrix, and moves 64 x 64 squares that fit the first cache: plain
// loops cost well under a hundredth of a step.
#include "rondo/kernels/products/packing.hpp"

#include <algorithm>
#include <cstddef>

#include "rondo/kernels/products/product.hpp"

namespace rondo::kernels {
namespace {

// to[unit][column] = from[column][unit] for one square; columns past the last are +0.
template <class Real>
void transpose_square(const Real* from, int from_width, int units, int columns, Real* to,
                      int to_width) {
  columns = std::clamp(columns, 0, to_width);
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
void pack_strips(const StoredWeights<Real>& weights, Real* packed, int panel_begin, int panel_end) {
  const std::ptrdiff_t rows = static_cast<std::ptrdiff_t>(weights.gates) * weights.columns;
  for (int j = panel_begin; j < panel_end; ++j) {
    const int width = weights.units.width(j);
    const int strip = weight_strip<Real>(width);
    const Real* panel = weights.data + j * Panels::full * rows;
    Real* to = packed + j * Panels::full * rows;
    for (int gate = 0; gate < weights.gates; ++gate, panel += weights.columns * width) {
      for (int begin = 0; begin < width; begin += strip) {
        for (int column = 0; column < weights.columns; ++column, to += strip) {
          std::copy_n(panel + static_cast<std::ptrdiff_t>(column) * width + begin, strip, to);
        }
      }
    }
  }
}
template void pack_strips(const StoredWeights<float>&, float*, int, int);
template void pack_strips(const StoredWeights<double>&, double*, int, int);

template <class Real>
void transpose(const StoredWeights<Real>& weights, Real* transposed, int panel_begin,
               int panel_end) {
  const Panels& units = weights.units;
  const Panels outputs{weights.columns};
  const std::ptrdiff_t full = Panels::full;
  const std::ptrdiff_t steps = static_cast<std::ptrdiff_t>(weights.gates) * units.units;
  for (int p = panel_begin; p < panel_end; ++p) {
    const int strip = weight_strip<Real>(outputs.width(p));
    for (int gate = 0; gate < weights.gates; ++gate) {
      for (int j = 0; j < units.count(); ++j) {
        const std::ptrdiff_t width = units.width(j);
        const Real* from = weights.data + j * full * weights.gates * weights.columns +
                           (gate * weights.columns + p * full) * width;
        Real* to = transposed + p * full * steps +
                   (static_cast<std::ptrdiff_t>(gate) * units.units + j * full) * strip;
        for (int begin = 0; begin < outputs.width(p); begin += strip) {
          transpose_square(from + begin * width, units.width(j), units.valid(j),
                           outputs.valid(p) - begin, to + begin * steps, strip);
        }
      }
    }
  }
}
template void transpose(const StoredWeights<float>&, float*, int, int);
template void transpose(const StoredWeights<double>&, double*, int, int);

template <class Real>
void unfold(const StoredRows<Real>& rows, Real* stored, int panel_begin, int panel_end) {
  const Panels units{rows.units};
  const int row = Panels{rows.columns}.padded();
  for (int j = panel_begin; j < panel_end; ++j) {
    const int width = units.width(j);
    const Real* from = rows.data + std::ptrdiff_t{j} * Panels::full * row;
    Real* to = stored + std::ptrdiff_t{j} * Panels::full * rows.columns;
    for (int column = 0; column < rows.columns; column += Panels::full) {
      transpose_square(from + column, row, std::min(Panels::full, rows.columns - column),
                       units.valid(j), to + std::ptrdiff_t{column} * width, width);
    }
  }
}
template void unfold(const StoredRows<float>&, float*, int, int);
template void unfold(const StoredRows<double>&, double*, int, int);

template <class Real>
void transpose(const StoredRows<Real>& rows, Real* transposed, int panel_begin, int panel_end) {
  const Panels outputs{rows.columns};
  for (int p = panel_begin; p < panel_end; ++p) {
    const int strip = weight_strip<Real>(outputs.width(p));
    Real* to = transposed + std::ptrdiff_t{p} * Panels::full * rows.units;
    for (int begin = 0; begin < outputs.width(p); begin += strip) {
      const Real* from = rows.data + p * Panels::full + begin;
      for (int unit = 0; unit < rows.units; ++unit, from += outputs.padded(), to += strip) {
        std::copy_n(from, strip, to);
      }
    }
  }
}
template void transpose(const StoredRows<float>&, float*, int, int);
template void transpose(const StoredRows<double>&, double*, int, int);

template <class Real>
void add_to_rows(const StoredWeights<Real>& weights, Real* rows, int panel_begin, int panel_end) {
  // A few columns at a time: their units lie in the first cache while rows are walked through.
  constexpr int some = 16;
  const Panels& units = weights.units;
  const std::ptrdiff_t row_size = Panels{weights.columns}.padded();
  for (int j = panel_begin; j < panel_end; ++j) {
    const std::ptrdiff_t width = units.width(j);
    const Real* const panel = weights.data + std::ptrdiff_t{j} * Panels::full * weights.columns;
    Real* const to = rows + std::ptrdiff_t{j} * Panels::full * row_size;
    for (int begin = 0; begin < weights.columns; begin += some) {
      const int count = std::min(some, weights.columns - begin);
      for (int unit = 0; unit < units.valid(j); ++unit) {
        const Real* const from = panel + begin * width + unit;
        Real* const row = to + unit * row_size + begin;
        for (int column = 0; column < count; ++column) {
          row[column] = from[column * width] + row[column];
        }
      }
    }
  }
}
template void add_to_rows(const StoredWeights<float>&, float*, int, int);
template void add_to_rows(const StoredWeights<double>&, double*, int, int);

}  // namespace rondo::kernels
