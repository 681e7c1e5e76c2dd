// The GRU's elementwise part (kernels/gates/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates/gru.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/reference/gates/gru.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void gru_forward_vector(const CellForward<float>& s) {
  float *const r_slot = slot(s, 0), *const z_slot = slot(s, 1);
  float *const n_slot = slot(s, 2), *const m_slot = slot(s, 3);
  for_each_unit(s, {r_slot, z_slot, n_slot, m_slot, s.hidden, s.state},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const V r = flushed_logistic(load<V>(r_slot + at));
                  const V z = flushed_logistic(load<V>(z_slot + at));
                  const V n = flushed(
                      elementwise::tanh(MulAdd(r, load<V>(m_slot + at), load<V>(n_slot + at))));
                  const V previous = load_unless<V>(s.reset[lane] != 0, s.previous_hidden + at);
                  const V h = flushed(MulAdd(z, Sub(previous, n), n));
                  store(r, r_slot + at);
                  store(z, z_slot + at);
                  store(n, n_slot + at);
                  store_hidden(s, lane, at, h);
                });
}

void gru_backward_vector(const CellBackward<float>& s) {
  float *const r_slot = slot(s, 0), *const z_slot = slot(s, 1);
  float *const n_slot = slot(s, 2), *const m_slot = slot(s, 3);
  for_each_unit(s, {r_slot, z_slot, n_slot, m_slot, s.next_hidden_gradient},
                [&]<class V>(int lane, std::size_t at) HWY_ATTR {
                  const bool reset = s.reset[lane] != 0;
                  const V r = load<V>(r_slot + at), z = load<V>(z_slot + at);
                  const V n = load<V>(n_slot + at), m = load<V>(m_slot + at);
                  const V previous = load_unless<V>(reset, s.previous_hidden + at);
                  const V dh = flushed(load<V>(s.hidden_gradient + at));
                  const V dn = flushed(tanh_gradient(Mul(dh, Sub(all<V>(1), z)), n));
                  store(flushed(logistic_gradient(Mul(dn, m), r)), r_slot + at);
                  store(flushed(logistic_gradient(Mul(dh, Sub(previous, n)), z)), z_slot + at);
                  store(dn, n_slot + at);
                  store(flushed(Mul(dn, r)), m_slot + at);
                  const V from_above = above<V>(s, at);
                  const V start = reset ? from_above : MulAdd(dh, z, from_above);
                  store(flushed(start), s.next_hidden_gradient + at);
                });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(gru_forward_vector);
HWY_EXPORT(gru_backward_vector);

template <>
void gru_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(gru_forward_vector, reference::gru_forward, step);
}
template <>
void gru_forward(const CellForward<double>& step) {
  reference::gru_forward(step);
}

template <>
void gru_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(gru_backward_vector, reference::gru_backward, step);
}
template <>
void gru_backward(const CellBackward<double>& step) {
  reference::gru_backward(step);
}

}  // namespace rondo::kernels
#endif
