// Weights in the forms that products read, renewed once an update.
#pragma once

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// A matrix of `gates` x `units.units` outputs and `columns` inputs as it is stored:
// [unit panel j][gate][column][width of j].
template <class Real>
struct StoredWeights {
  Panels units;
  int gates = 1;
  int columns = 0;
  const Real* data = nullptr;
};

// For the forward product: unit panels [panel_begin, panel_end) cut into strips (product.hpp),
// [unit panel j][gate][strip][column][strip width], where they were in what is stored.
template <class Real>
void pack_strips(const StoredWeights<Real>& weights, Real* packed, int panel_begin, int panel_end);

// For the backward product, whose chains run over gate, then unit, and whose outputs are the
// columns: column panels [panel_begin, panel_end) of Panels{columns} as [column panel
// p][strip][gate][unit][strip width]. Units are the logical ones; columns that pad the last panel
// become +0.
template <class Real>
void transpose(const StoredWeights<Real>& weights, Real* transposed, int panel_begin,
               int panel_end);

// The same of a matrix of one gate that is stored as a table: a row a unit, padded with +0 to whole
// panels (ParameterLayout's `rows`).
template <class Real>
struct StoredRows {
  int units = 0;
  int columns = 0;
  const Real* data = nullptr;
};

// Unit panels [panel_begin, panel_end) as StoredWeights has them; units that pad the last become
// +0.
template <class Real>
void unfold(const StoredRows<Real>& rows, Real* stored, int panel_begin, int panel_end);

// Column panels [panel_begin, panel_end) as transpose() leaves them.
template <class Real>
void transpose(const StoredRows<Real>& rows, Real* transposed, int panel_begin, int panel_end);

// Adds a matrix of one gate to one of the same shape that is stored as a table, each element once:
// rows = weights + rows, for unit panels [panel_begin, panel_end). What pads the table stays.
template <class Real>
void add_to_rows(const StoredWeights<Real>& weights, Real* rows, int panel_begin, int panel_end);

}  // namespace rondo::kernels
