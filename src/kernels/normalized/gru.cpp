// The layer-normalised GRU between its products and its hidden state
// (kernels/normalized/normalized.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/normalized/gru.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/normalized/normalize-inl.hpp"
// clang-format on

#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void gru_norm_forward_vector(const NormalizedForward<float>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = reference::lane_of(s, lane);
    const auto r = of(s.activated, 4, 0), z = of(s.activated, 4, 1);
    const auto n = of(s.activated, 4, 2), m = of(s.activated, 4, 3);
    const auto previous = of(s.previous_hidden);
    const bool reset = s.reset[lane] != 0;
    const Normalizer r_sum(s, lane, 4, 0, of(s.gates, 4, 0));
    const Normalizer z_sum(s, lane, 4, 1, of(s.gates, 4, 1));
    const Normalizer n_sum(s, lane, 4, 2, of(s.gates, 4, 2));
    const Normalizer m_sum(s, lane, 4, 3, of(s.gates, 4, 3));
    store_hidden(s, lane, [&](int j, std::size_t u) HWY_ATTR {
      const Vector reads = flushed_logistic(r_sum(j, u));
      const Vector keeps = flushed_logistic(z_sum(j, u));
      const Vector recurrent = m_sum(j, u);
      const Vector new_ = flushed(elementwise::tanh(hn::MulAdd(reads, recurrent, n_sum(j, u))));
      store(reads, r.panel(j) + u);
      store(keeps, z.panel(j) + u);
      store(new_, n.panel(j) + u);
      store(recurrent, m.panel(j) + u);
      const Vector before = load_unless(reset, previous.panel(j) + u);
      return hn::MulAdd(keeps, hn::Sub(before, new_), new_);
    });
    for (const Normalizer* sum : {&r_sum, &z_sum, &n_sum, &m_sum}) sum->clear_padding();
    for (const auto& values : {r, z, n, m}) values.clear_padding();
  }
}

void gru_norm_backward_vector(const NormalizedBackward<float>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = reference::lane_of(s, lane);
    const auto r = of(s.activated, 4, 0), z = of(s.activated, 4, 1);
    const auto n = of(s.activated, 4, 2), m = of(s.activated, 4, 3);
    const auto previous = of(s.previous_hidden), hidden_gradient = of(s.hidden_gradient);
    const auto next = of(s.next_hidden_gradient);
    const bool reset = s.reset[lane] != 0;
    for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
      const Vector reads = load(r.panel(j) + u), keeps = load(z.panel(j) + u);
      const Vector new_ = load(n.panel(j) + u), recurrent = load(m.panel(j) + u);
      const Vector before = load_unless(reset, previous.panel(j) + u);
      const Vector dh = flushed(load(hidden_gradient.panel(j) + u));
      const Vector above =
          s.from_above != nullptr ? load(of(s.from_above).panel(j) + u) : hn::Zero(tag);
      const Vector dn = flushed(tanh_gradient(hn::Mul(dh, hn::Sub(all(1), keeps)), new_));
      store(flushed(logistic_gradient(hn::Mul(dn, recurrent), reads)), r.panel(j) + u);
      store(flushed(logistic_gradient(hn::Mul(dh, hn::Sub(before, new_)), keeps)), z.panel(j) + u);
      store(dn, n.panel(j) + u);
      store(flushed(hn::Mul(dn, reads)), m.panel(j) + u);
      store(flushed(reset ? above : hn::MulAdd(dh, keeps, above)), next.panel(j) + u);
    });
    for (const auto& values : {r, z, n, m, next}) values.clear_padding();
    differentiate_slots(s, lane, 4, 4);
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(gru_norm_forward_vector);
HWY_EXPORT(gru_norm_backward_vector);

template <>
void gru_norm_forward(const NormalizedForward<float>& step) {
  RONDO_DISPATCH(gru_norm_forward_vector, reference::gru_norm_forward, step);
}
template <>
void gru_norm_forward(const NormalizedForward<double>& step) {
  reference::gru_norm_forward(step);
}

template <>
void gru_norm_backward(const NormalizedBackward<float>& step) {
  RONDO_DISPATCH(gru_norm_backward_vector, reference::gru_norm_backward, step);
}
template <>
void gru_norm_backward(const NormalizedBackward<double>& step) {
  reference::gru_norm_backward(step);
}

}  // namespace rondo::kernels
#endif
