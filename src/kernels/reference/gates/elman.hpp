// Plain twin of the Elman cells' elementwise part (kernels/gates/gates.hpp).
#pragma once

#include <cstddef>

#include "kernels/reference/gates.hpp"

namespace rondo::kernels::reference {

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

}  // namespace rondo::kernels::reference
