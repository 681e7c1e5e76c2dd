// The LSTM's elementwise part (kernels/gates/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates/lstm.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/reference/gates/lstm.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void lstm_forward_vector(const CellForward<float>& s) {
  float *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  float *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit(s, {i_slot, f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const V i = flushed_logistic(load<V>(i_slot + at));
                  const V f = flushed_logistic(load<V>(f_slot + at));
                  const V g = flushed(elementwise::tanh(load<V>(g_slot + at)));
                  const V o = flushed_logistic(load<V>(o_slot + at));
                  const V previous = load_unless<V>(s.reset[lane] != 0, s.previous_cell + at);
                  const V c = flushed(MulAdd(f, previous, Mul(i, g)));
                  const V h = flushed(Mul(o, elementwise::tanh(c)));
                  store(i, i_slot + at);
                  store(f, f_slot + at);
                  store(g, g_slot + at);
                  store(o, o_slot + at);
                  store(c, s.cell + at);
                  store_hidden(s, lane, at, h);
                });
}

void lstm_backward_vector(const CellBackward<float>& s) {
  float *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  float *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit(s, {i_slot, f_slot, g_slot, o_slot, s.cell_gradient, s.next_hidden_gradient},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const bool reset = s.reset[lane] != 0;
                  const V i = load<V>(i_slot + at), f = load<V>(f_slot + at);
                  const V g = load<V>(g_slot + at), o = load<V>(o_slot + at);
                  const V previous = load_unless<V>(reset, s.previous_cell + at);
                  const V dh = flushed(load<V>(s.hidden_gradient + at));
                  const V y = elementwise::tanh(load<V>(s.cell + at));
                  const V dc =
                      MulAdd(Mul(dh, o), NegMulAdd(y, y, all<V>(1)), load<V>(s.cell_gradient + at));
                  store(flushed(logistic_gradient(Mul(dc, g), i)), i_slot + at);
                  store(flushed(logistic_gradient(Mul(dc, previous), f)), f_slot + at);
                  store(flushed(tanh_gradient(Mul(dc, i), g)), g_slot + at);
                  store(flushed(logistic_gradient(Mul(dh, y), o)), o_slot + at);
                  store(reset ? all<V>(0) : flushed(Mul(dc, f)), s.cell_gradient + at);
                  store(flushed(above<V>(s, at)), s.next_hidden_gradient + at);
                });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(lstm_forward_vector);
HWY_EXPORT(lstm_backward_vector);

template <>
void lstm_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(lstm_forward_vector, reference::lstm_forward, step);
}
template <>
void lstm_forward(const CellForward<double>& step) {
  reference::lstm_forward(step);
}

template <>
void lstm_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(lstm_backward_vector, reference::lstm_backward, step);
}
template <>
void lstm_backward(const CellBackward<double>& step) {
  reference::lstm_backward(step);
}

}  // namespace rondo::kernels
#endif
