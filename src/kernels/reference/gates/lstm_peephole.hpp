// Plain twin of the peephole LSTM's elementwise part (kernels/gates/gates.hpp).
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/reference/gates.hpp"

namespace rondo::kernels::reference {

template <class Real>
RONDO_FUSED void lstm_peephole_forward(const CellForward<Real>& s) {
  Real *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  Real *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit<Real>(
      s, {i_slot, f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
      [&](int lane, std::size_t at) {
        const Real previous = s.reset[lane] != 0 ? Real{0} : s.previous_cell[at];
        const auto gate = [&](int number, Real a, Real cell) {
          return flushed(logistic(std::fma(diagonal(s, number, lane, at), cell, a)));
        };
        const Real i = i_slot[at] = gate(0, i_slot[at], previous);
        const Real f = f_slot[at] = gate(1, f_slot[at], previous);
        const Real g = g_slot[at] = flushed(tanh(g_slot[at]));
        const Real c = s.cell[at] = flushed(std::fma(f, previous, i * g));
        const Real o = o_slot[at] = gate(2, o_slot[at], c);
        const Real h = s.hidden[at] = flushed(o * tanh(c));
        s.state[at] = next_is_reset(s, lane) ? Real{0} : h;
      });
}

template <class Real>
RONDO_FUSED void lstm_peephole_backward(const CellBackward<Real>& s) {
  Real *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  Real *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit<Real>(s, {i_slot, f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
                      [&](int lane, std::size_t at) {
                        const bool reset = s.reset[lane] != 0;
                        const Real i = i_slot[at], f = f_slot[at], g = g_slot[at], o = o_slot[at];
                        const Real previous = reset ? Real{0} : s.previous_cell[at];
                        const Real dh = flushed(s.hidden_gradient[at]);
                        const Real y = tanh(s.cell[at]);
                        const Real d_o = o_slot[at] = flushed(logistic_gradient(dh * y, o));
                        const Real through_h =
                            std::fma(dh * o, std::fma(-y, y, Real{1}), s.cell_gradient[at]);
                        const Real dc = std::fma(d_o, diagonal(s, 2, lane, at), through_h);
                        const Real di = i_slot[at] = flushed(logistic_gradient(dc * g, i));
                        const Real df = f_slot[at] = flushed(logistic_gradient(dc * previous, f));
                        g_slot[at] = flushed(tanh_gradient(dc * i, g));
                        const Real through_i = std::fma(di, diagonal(s, 0, lane, at), dc * f);
                        const Real before = std::fma(df, diagonal(s, 1, lane, at), through_i);
                        s.cell_gradient[at] = reset ? Real{0} : flushed(before);
                        s.next_hidden_gradient[at] = flushed(above(s, at));
                      });
}

}  // namespace rondo::kernels::reference
