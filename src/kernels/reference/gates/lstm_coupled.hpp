// Plain twin of the coupled LSTM's elementwise part (kernels/gates/gates.hpp).
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/reference/gates.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void lstm_coupled_forward(const CellForward<Real>& s) {
  Real *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit<Real>(s, {f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                      [&](int lane, std::size_t at) {
                        const Real f = f_slot[at] = flushed(logistic(f_slot[at]));
                        const Real g = g_slot[at] = flushed(tanh(g_slot[at]));
                        const Real o = o_slot[at] = flushed(logistic(o_slot[at]));
                        const Real previous = s.reset[lane] != 0 ? Real{0} : s.previous_cell[at];
                        const Real c = s.cell[at] = flushed(std::fma(f, previous - g, g));
                        const Real h = s.hidden[at] = flushed(o * tanh(c));
                        s.state[at] = next_is_reset(s, lane) ? Real{0} : h;
                      });
}

template <class Real>
RONDO_FUSED void lstm_coupled_backward(const CellBackward<Real>& s) {
  Real *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit<Real>(s, {f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
                      [&](int lane, std::size_t at) {
                        const bool reset = s.reset[lane] != 0;
                        const Real f = f_slot[at], g = g_slot[at], o = o_slot[at];
                        const Real previous = reset ? Real{0} : s.previous_cell[at];
                        const Real dh = flushed(s.hidden_gradient[at]);
                        const Real y = tanh(s.cell[at]);
                        const Real dc =
                            std::fma(dh * o, std::fma(-y, y, Real{1}), s.cell_gradient[at]);
                        f_slot[at] = flushed(logistic_gradient(dc * (previous - g), f));
                        g_slot[at] = flushed(tanh_gradient(dc * (1 - f), g));
                        o_slot[at] = flushed(logistic_gradient(dh * y, o));
                        s.cell_gradient[at] = reset ? Real{0} : flushed(dc * f);
                        s.next_hidden_gradient[at] = flushed(above(s, at));
                      });
}

}  // namespace rondo::kernels::reference
