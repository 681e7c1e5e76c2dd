// Plain twin of the GRU's elementwise part (kernels/gates/gates.hpp).
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/reference/gates.hpp"

namespace rondo::kernels::reference {

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
