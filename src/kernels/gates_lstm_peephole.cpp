// The peephole LSTM's elementwise part (kernels/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates_lstm_peephole.cpp"
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

void lstm_peephole_forward_vector(const CellForward<float>& s) {
  float *const i_slot = slot(s, 0), *const f_slot = slot(s, 1);
  float *const g_slot = slot(s, 2), *const o_slot = slot(s, 3);
  for_each_unit(s, {i_slot, f_slot, g_slot, o_slot, s.cell, s.hidden, s.state},
                [&](int lane, std::size_t at) HWY_ATTR {
                  const Vector previous = load_unless(s.reset[lane] != 0, s.previous_cell + at);
                  const auto gate = [&](int number, const float* a, Vector cell) HWY_ATTR {
                    const Vector seen =
                        hn::MulAdd(diagonal(s, number, lane, at), cell, load(a + at));
                    return flushed(elementwise::logistic(seen));
                  };
                  const Vector i = gate(0, i_slot, previous);
                  const Vector f = gate(1, f_slot, previous);
                  const Vector g = flushed(elementwise::tanh(load(g_slot + at)));
                  const Vector c = flushed(hn::MulAdd(f, previous, hn::Mul(i, g)));
                  const Vector o = gate(2, o_slot, c);
                  const Vector h = flushed(hn::Mul(o, elementwise::tanh(c)));
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
                [&](int lane, std::size_t at) HWY_ATTR {
                  const bool reset = s.reset[lane] != 0;
                  const Vector i = load(i_slot + at), f = load(f_slot + at);
                  const Vector g = load(g_slot + at), o = load(o_slot + at);
                  const Vector previous = load_unless(reset, s.previous_cell + at);
                  const Vector dh = flushed(load(s.hidden_gradient + at));
                  const Vector y = elementwise::tanh(load(s.cell + at));
                  const Vector d_o = flushed(logistic_gradient(hn::Mul(dh, y), o));
                  const Vector through_h = hn::MulAdd(hn::Mul(dh, o), hn::NegMulAdd(y, y, all(1)),
                                                      load(s.cell_gradient + at));
                  const Vector dc = hn::MulAdd(d_o, diagonal(s, 2, lane, at), through_h);
                  const Vector di = flushed(logistic_gradient(hn::Mul(dc, g), i));
                  const Vector df = flushed(logistic_gradient(hn::Mul(dc, previous), f));
                  store(di, i_slot + at);
                  store(df, f_slot + at);
                  store(flushed(tanh_gradient(hn::Mul(dc, i), g)), g_slot + at);
                  store(d_o, o_slot + at);
                  const Vector through_i = hn::MulAdd(di, diagonal(s, 0, lane, at), hn::Mul(dc, f));
                  const Vector before = hn::MulAdd(df, diagonal(s, 1, lane, at), through_i);
                  store(reset ? hn::Zero(tag) : flushed(before), s.cell_gradient + at);
                  store(flushed(above(s, at)), s.next_hidden_gradient + at);
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
