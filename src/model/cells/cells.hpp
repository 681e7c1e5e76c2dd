// The cells, one function a cell; the table that finds them by name is in cells.cpp.
#pragma once

#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> elman_tanh();
template <class Real>
Cell<Real> elman_relu();
template <class Real>
Cell<Real> lstm();
template <class Real>
Cell<Real> gru();
template <class Real>
Cell<Real> lstm_coupled();
template <class Real>
Cell<Real> lstm_peephole();
template <class Real>
Cell<Real> lstm_norm();
template <class Real>
Cell<Real> gru_norm();
template <class Real>
Cell<Real> lstm_projected();

}  // namespace rondo::cells
