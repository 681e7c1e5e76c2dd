// Weights packed for the backward products.
#pragma once

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

// A matrix with `units.units` output units a gate and `columns` inputs is stored for the forward
// product as [unit panel j][gate][column][width of j]. Backward, a chain runs over gate, then unit,
// and its outputs are the columns: this writes [column panel p][gate][unit][width of p], for column
// panels [panel_begin, panel_end) of Panels{columns}, so that threads can share the work. Units are
// the logical ones; columns that pad the last panel become +0.
template <class Real>
void transpose(Panels units, int gates, int columns, const Real* weights, Real* transposed,
               int panel_begin, int panel_end);

}  // namespace rondo::kernels
