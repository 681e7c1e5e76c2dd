// The GRU's elementwise part (kernels/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates_gru.cpp"
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

void gru_forward_vector(const CellForward<float>& s) {
  float *const r_slot = slot(s, 0), *const z_slot = slot(s, 1);
  float *const n_slot = slot(s, 2), *const m_slot = slot(s, 3);
  for_each_unit(s, {r_slot, z_slot, n_slot, m_slot, s.hidden, s.state},
                [&](int lane, std::size_t at) HWY_ATTR {
                  const Vector r = flushed(elementwise::logistic(load(r_slot + at)));
                  const Vector z = flushed(elementwise::logistic(load(z_slot + at)));
                  const Vector n = flushed(
                      elementwise::tanh(hn::MulAdd(r, load(m_slot + at), load(n_slot + at))));
                  const Vector previous = load_unless(s.reset[lane] != 0, s.previous_hidden + at);
                  const Vector h = flushed(hn::MulAdd(z, hn::Sub(previous, n), n));
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
                [&](int lane, std::size_t at) HWY_ATTR {
                  const bool reset = s.reset[lane] != 0;
                  const Vector r = load(r_slot + at), z = load(z_slot + at);
                  const Vector n = load(n_slot + at), m = load(m_slot + at);
                  const Vector previous = load_unless(reset, s.previous_hidden + at);
                  const Vector dh = flushed(load(s.hidden_gradient + at));
                  const Vector dn = flushed(tanh_gradient(hn::Mul(dh, hn::Sub(all(1), z)), n));
                  store(flushed(logistic_gradient(hn::Mul(dn, m), r)), r_slot + at);
                  store(flushed(logistic_gradient(hn::Mul(dh, hn::Sub(previous, n)), z)),
                        z_slot + at);
                  store(dn, n_slot + at);
                  store(flushed(hn::Mul(dn, r)), m_slot + at);
                  const Vector from_above = above(s, at);
                  const Vector start = reset ? from_above : hn::MulAdd(dh, z, from_above);
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
