// The coupled LSTM's elementwise part (kernels/gates/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates/lstm_coupled.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/reference/gates/lstm_coupled.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void lstm_coupled_forward_vector(const CellForward<float>& s) {
  float *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit(s, {f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const V f = flushed_logistic(load<V>(f_slot + at));
                  const V g = flushed(elementwise::tanh(load<V>(g_slot + at)));
                  const V o = flushed_logistic(load<V>(o_slot + at));
                  const V previous = load_unless<V>(s.reset[lane] != 0, s.previous_cell + at);
                  const V c = flushed(MulAdd(f, Sub(previous, g), g));
                  const V h = flushed(Mul(o, elementwise::tanh(c)));
                  store(f, f_slot + at);
                  store(g, g_slot + at);
                  store(o, o_slot + at);
                  store(c, s.cell + at);
                  store_hidden(s, lane, at, h);
                });
}

void lstm_coupled_backward_vector(const CellBackward<float>& s) {
  float *const f_slot = slot(s, 0), *const g_slot = slot(s, 1), *const o_slot = slot(s, 2);
  for_each_unit(s, {f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const bool reset = s.reset[lane] != 0;
                  const V f = load<V>(f_slot + at), g = load<V>(g_slot + at);
                  const V o = load<V>(o_slot + at);
                  const V previous = load_unless<V>(reset, s.previous_cell + at);
                  const V dh = flushed(load<V>(s.hidden_gradient + at));
                  const V y = elementwise::tanh(load<V>(s.cell + at));
                  const V dc =
                      MulAdd(Mul(dh, o), NegMulAdd(y, y, all<V>(1)), load<V>(s.cell_gradient + at));
                  store(flushed(logistic_gradient(Mul(dc, Sub(previous, g)), f)), f_slot + at);
                  store(flushed(tanh_gradient(Mul(dc, Sub(all<V>(1), f)), g)), g_slot + at);
                  store(flushed(logistic_gradient(Mul(dh, y), o)), o_slot + at);
                  store(reset ? all<V>(0) : flushed(Mul(dc, f)), s.cell_gradient + at);
                  store(flushed(above<V>(s, at)), s.next_hidden_gradient + at);
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
