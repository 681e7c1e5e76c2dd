// The peephole LSTM's elementwise part (kernels/gates/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates/lstm_peephole.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/reference/gates/lstm_peephole.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void lstm_peephole_forward_vector(const CellForward<float>& s) {
  float *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  float *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit(s, {i_slot, f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const V previous = load_unless<V>(s.reset[lane] != 0, s.previous_cell + at);
                  const auto gate = [&](int number, const float* a, V cell) HWY_ATTR {
                    const V seen = MulAdd(diagonal<V>(s, number, lane, at), cell, load<V>(a + at));
                    return flushed_logistic(seen);
                  };
                  const V i = gate(0, i_slot, previous);
                  const V f = gate(1, f_slot, previous);
                  const V g = flushed(elementwise::tanh(load<V>(g_slot + at)));
                  const V c = flushed(MulAdd(f, previous, Mul(i, g)));
                  const V o = gate(2, o_slot, c);
                  const V h = flushed(Mul(o, elementwise::tanh(c)));
                  store(i, i_slot + at);
                  store(f, f_slot + at);
                  store(g, g_slot + at);
                  store(o, o_slot + at);
                  store(c, s.cell + at);
                  store_hidden(s, lane, at, h);
                });
}

void lstm_peephole_backward_vector(const CellBackward<float>& s) {
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
                  const V d_o = flushed(logistic_gradient(Mul(dh, y), o));
                  const V through_h =
                      MulAdd(Mul(dh, o), NegMulAdd(y, y, all<V>(1)), load<V>(s.cell_gradient + at));
                  const V dc = MulAdd(d_o, diagonal<V>(s, 2, lane, at), through_h);
                  const V di = flushed(logistic_gradient(Mul(dc, g), i));
                  const V df = flushed(logistic_gradient(Mul(dc, previous), f));
                  store(di, i_slot + at);
                  store(df, f_slot + at);
                  store(flushed(tanh_gradient(Mul(dc, i), g)), g_slot + at);
                  store(d_o, o_slot + at);
                  const V through_i = MulAdd(di, diagonal<V>(s, 0, lane, at), Mul(dc, f));
                  const V before = MulAdd(df, diagonal<V>(s, 1, lane, at), through_i);
                  store(reset ? all<V>(0) : flushed(before), s.cell_gradient + at);
                  store(flushed(above<V>(s, at)), s.next_hidden_gradient + at);
                });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(lstm_peephole_forward_vector);
HWY_EXPORT(lstm_peephole_backward_vector);

template <>
void lstm_peephole_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(lstm_peephole_forward_vector, reference::lstm_peephole_forward, step);
}
template <>
void lstm_peephole_forward(const CellForward<double>& step) {
  reference::lstm_peephole_forward(step);
}

template <>
void lstm_peephole_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(lstm_peephole_backward_vector, reference::lstm_peephole_backward, step);
}
template <>
void lstm_peephole_backward(const CellBackward<double>& step) {
  reference::lstm_peephole_backward(step);
}

}  // namespace rondo::kernels
#endif
