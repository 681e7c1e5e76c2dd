// Plain twins of kernels/gates, unit by unit: the expressions below are the definition, and the
// vector code in gates_*.cpp follows them operation by operation.
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

template <class Real, class Activation>
RONDO_FUSED void elman_forward(const CellForward<Real>& s, Activation activation) {
  for_each_unit<Real>(s, {s.gates, s.hidden, s.state}, [&](int lane, std::size_t at) {
    const Real h = flushed(activation(s.gates[at]));
    s.gates[at] = h;
    s.hidden[at] = h;
    s.state[at] = next_is_reset(s, lane) ? Real{0} : h;
  });
}

template <class Real, class Derivative>
RONDO_FUSED void elman_backward(const CellBackward<Real>& s, Derivative derivative) {
  for_each_unit<Real>(s, {s.gates, s.next_hidden_gradient}, [&](int, std::size_t at) {
    const Real dh = flushed(s.hidden_gradient[at]);
    s.gates[at] = flushed(derivative(dh, s.gates[at]));
    s.next_hidden_gradient[at] = flushed(above(s, at));
  });
}

template <class Real>
RONDO_FUSED void tanh_forward(const CellForward<Real>& step) {
  elman_forward(step, [](Real a) { return tanh(a); });
}
template <class Real>
RONDO_FUSED void tanh_backward(const CellBackward<Real>& step) {
  elman_backward(step, [](Real d, Real h) { return tanh_gradient(d, h); });
}
template <class Real>
RONDO_FUSED void relu_forward(const CellForward<Real>& step) {
  elman_forward(step, [](Real a) { return a < 0 ? Real{0} : a; });
}
template <class Real>
RONDO_FUSED void relu_backward(const CellBackward<Real>& step) {
  elman_backward(step, [](Real d, Real h) { return h > 0 ? d : Real{0}; });
}

template <class Real>
RONDO_FUSED void lstm_forward(const CellForward<Real>& s) {
  Real *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  Real *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit<Real>(s, {i_slot, f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                      [&](int lane, std::size_t at) {
                        const Real i = i_slot[at] = flushed(logistic(i_slot[at]));
                        const Real f = f_slot[at] = flushed(logistic(f_slot[at]));
                        const Real g = g_slot[at] = flushed(tanh(g_slot[at]));
                        const Real o = o_slot[at] = flushed(logistic(o_slot[at]));
                        const Real previous = s.reset[lane] != 0 ? Real{0} : s.previous_cell[at];
                        const Real c = s.cell[at] = flushed(std::fma(f, previous, i * g));
                        const Real h = s.hidden[at] = flushed(o * tanh(c));
                        s.state[at] = next_is_reset(s, lane) ? Real{0} : h;
                      });
}

template <class Real>
RONDO_FUSED void lstm_backward(const CellBackward<Real>& s) {
  Real *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  Real *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit<Real>(s, {i_slot, f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
                      [&](int lane, std::size_t at) {
                        const bool reset = s.reset[lane] != 0;
                        const Real i = i_slot[at], f = f_slot[at], g = g_slot[at], o = o_slot[at];
                        const Real previous = reset ? Real{0} : s.previous_cell[at];
                        const Real dh = flushed(s.hidden_gradient[at]);
                        const Real y = tanh(s.cell[at]);
                        const Real dc =
                            std::fma(dh * o, std::fma(-y, y, Real{1}), s.cell_gradient[at]);
                        i_slot[at] = flushed(logistic_gradient(dc * g, i));
                        f_slot[at] = flushed(logistic_gradient(dc * previous, f));
                        g_slot[at] = flushed(tanh_gradient(dc * i, g));
                        o_slot[at] = flushed(logistic_gradient(dh * y, o));
                        s.cell_gradient[at] = reset ? Real{0} : flushed(dc * f);
                        s.next_hidden_gradient[at] = flushed(above(s, at));
                      });
}

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

template <class Real>
RONDO_FUSED void gru_forward(const CellForward<Real>& s) {
  Real *const r_slot = slot(s, 0), *const z_slot = slot(s, 1);
  Real *const n_slot = slot(s, 2), *const m_slot = slot(s, 3);
  for_each_unit<Real>(
      s, {r_slot, z_slot, n_slot, m_slot, s.hidden, s.state}, [&](int lane, std::size_t at) {
        const Real r = r_slot[at] = flushed(logistic(r_slot[at]));
        const Real z = z_slot[at] = flushed(logistic(z_slot[at]));
        const Real n = n_slot[at] = flushed(tanh(std::fma(r, m_slot[at], n_slot[at])));
        const Real previous = s.reset[lane] != 0 ? Real{0} : s.previous_hidden[at];
        const Real h = s.hidden[at] = flushed(std::fma(z, previous - n, n));
        s.state[at] = next_is_reset(s, lane) ? Real{0} : h;
      });
}

template <class Real>
RONDO_FUSED void gru_backward(const CellBackward<Real>& s) {
  Real *const r_slot = slot(s, 0), *const z_slot = slot(s, 1);
  Real *const n_slot = slot(s, 2), *const m_slot = slot(s, 3);
  for_each_unit<Real>(
      s, {r_slot, z_slot, n_slot, m_slot, s.next_hidden_gradient}, [&](int lane, std::size_t at) {
        const bool reset = s.reset[lane] != 0;
        const Real r = r_slot[at], z = z_slot[at], n = n_slot[at], m = m_slot[at];
        const Real previous = reset ? Real{0} : s.previous_hidden[at];
        const Real dh = flushed(s.hidden_gradient[at]);
        const Real dn = flushed(tanh_gradient(dh * (1 - z), n));
        r_slot[at] = flushed(logistic_gradient(dn * m, r));
        z_slot[at] = flushed(logistic_gradient(dh * (previous - n), z));
        n_slot[at] = dn;
        m_slot[at] = flushed(dn * r);
        const Real from_above = above(s, at);
        s.next_hidden_gradient[at] = flushed(reset ? from_above : std::fma(dh, z, from_above));
      });
}

}  // namespace rondo::kernels::reference
