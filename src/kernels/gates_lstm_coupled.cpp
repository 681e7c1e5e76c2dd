// The coupled LSTM's elementwise part (kernels/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates_lstm_coupled.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates-inl.hpp"
// clang-format on

#include "kernels/dispatch.hpp"
#include "kernels/reference/gates.hpp"
#include "rondo/kernels/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void lstm_coupled_forward_vector(const CellForward<float>& s) {
  float *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit(s, {f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                [&](int lane, std::size_t at) HWY_ATTR {
                  const Vector f = flushed(elementwise::logistic(load(f_slot + at)));
                  const Vector g = flushed(elementwise::tanh(load(g_slot + at)));
                  const Vector o = flushed(elementwise::logistic(load(o_slot + at)));
                  const Vector previous = load_unless(s.reset[lane] != 0, s.previous_cell + at);
                  const Vector c = flushed(hn::MulAdd(f, hn::Sub(previous, g), g));
                  const Vector h = flushed(hn::Mul(o, elementwise::tanh(c)));
                  store(f, f_slot + at);
                  store(g, g_slot + at);
                  store(o, o_slot + at);
                  store(c, s.cell + at);
                  store_hidden(s, lane, at, h);
                });
}

void lstm_coupled_backward_vector(const CellBackward<float>& s) {
  float *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit(
      s, {f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
      [&](int lane, std::size_t at) HWY_ATTR {
        const bool reset = s.reset[lane] != 0;
        const Vector f = load(f_slot + at), g = load(g_slot + at);
        const Vector o = load(o_slot + at);
        const Vector previous = load_unless(reset, s.previous_cell + at);
        const Vector dh = flushed(load(s.hidden_gradient + at));
        const Vector y = elementwise::tanh(load(s.cell + at));
        const Vector dc =
            hn::MulAdd(hn::Mul(dh, o), hn::NegMulAdd(y, y, all(1)), load(s.cell_gradient + at));
        store(flushed(logistic_gradient(hn::Mul(dc, hn::Sub(previous, g)), f)), f_slot + at);
        store(flushed(tanh_gradient(hn::Mul(dc, hn::Sub(all(1), f)), g)), g_slot + at);
        store(flushed(logistic_gradient(hn::Mul(dh, y), o)), o_slot + at);
        store(reset ? hn::Zero(tag) : flushed(hn::Mul(dc, f)), s.cell_gradient + at);
        store(flushed(above(s, at)), s.next_hidden_gradient + at);
      });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(lstm_coupled_forward_vector);
HWY_EXPORT(lstm_coupled_backward_vector);

template <>
void lstm_coupled_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(lstm_coupled_forward_vector, reference::lstm_coupled_forward, step);
}
template <>
void lstm_coupled_forward(const CellForward<double>& step) {
  reference::lstm_coupled_forward(step);
}

template <>
void lstm_coupled_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(lstm_coupled_backward_vector, reference::lstm_coupled_backward, step);
}
template <>
void lstm_coupled_backward(const CellBackward<double>& step) {
  reference::lstm_coupled_backward(step);
}

}  // namespace rondo::kernels
#endif
