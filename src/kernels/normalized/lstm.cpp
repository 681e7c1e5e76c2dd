// The layer-normalised LSTM between its products and its hidden state
// (kernels/normalized/normalized.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/normalized/lstm.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/normalized/normalize-inl.hpp"
// clang-format on

#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {

using namespace cells;

void lstm_norm_forward_vector(const NormalizedForward<float>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = reference::lane_of(s, lane);
    const auto i = of(s.activated, 5, 0), f = of(s.activated, 5, 1), g = of(s.activated, 5, 2);
    const auto o = of(s.activated, 5, 3), y = of(s.activated, 5, 4), c = of(s.cell);
    const auto previous = of(s.previous_cell);
    const bool reset = s.reset[lane] != 0;
    const Normalizer i_sum(s, lane, 5, 0, of(s.gates, 4, 0));
    const Normalizer f_sum(s, lane, 5, 1, of(s.gates, 4, 1));
    const Normalizer g_sum(s, lane, 5, 2, of(s.gates, 4, 2));
    const Normalizer o_sum(s, lane, 5, 3, of(s.gates, 4, 3));
    for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
      const Vector in = flushed_logistic(i_sum(j, u));
      const Vector forget = flushed_logistic(f_sum(j, u));
      const Vector new_ = flushed(elementwise::tanh(g_sum(j, u)));
      store(in, i.panel(j) + u);
      store(forget, f.panel(j) + u);
      store(new_, g.panel(j) + u);
      store(flushed_logistic(o_sum(j, u)), o.panel(j) + u);
      const Vector before = load_unless(reset, previous.panel(j) + u);
      store(flushed(hn::MulAdd(forget, before, hn::Mul(in, new_))), c.panel(j) + u);
    });
    const Normalizer c_sum(s, lane, 5, 4, {s.cell, s.units, s.lanes, lane});
    store_hidden(s, lane, [&](int j, std::size_t u) HWY_ATTR {
      const Vector out = flushed(elementwise::tanh(c_sum(j, u)));
      store(out, y.panel(j) + u);
      return hn::Mul(load(o.panel(j) + u), out);
    });
    for (const Normalizer* sum : {&i_sum, &f_sum, &g_sum, &o_sum, &c_sum}) sum->clear_padding();
    for (const auto& values : {i, f, g, o, y, c}) values.clear_padding();
  }
}

void lstm_norm_backward_vector(const NormalizedBackward<float>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = reference::lane_of(s, lane);
    const auto i = of(s.activated, 5, 0), f = of(s.activated, 5, 1), g = of(s.activated, 5, 2);
    const auto o = of(s.activated, 5, 3), y = of(s.activated, 5, 4), dc = of(s.cell_gradient);
    const auto previous = of(s.previous_cell), hidden_gradient = of(s.hidden_gradient);
    const bool reset = s.reset[lane] != 0;
    for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
      const Vector dh = flushed(load(hidden_gradient.panel(j) + u));
      const Vector out = load(o.panel(j) + u), value = load(y.panel(j) + u);
      store(flushed(logistic_gradient(hn::Mul(dh, value), out)), o.panel(j) + u);
      store(flushed(tanh_gradient(hn::Mul(dh, out), value)), y.panel(j) + u);
    });
    const Differentiator c_sum(s, lane, 5, 4);
    const auto next = of(s.next_hidden_gradient);
    for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
      const Vector before = load_unless(reset, previous.panel(j) + u);
      const Vector d_c = hn::MulAdd(c_sum.scale(), c_sum(j, u), load(dc.panel(j) + u));
      const Vector in = load(i.panel(j) + u), forget = load(f.panel(j) + u);
      const Vector new_ = load(g.panel(j) + u);
      store(flushed(logistic_gradient(hn::Mul(d_c, new_), in)), i.panel(j) + u);
      store(flushed(logistic_gradient(hn::Mul(d_c, before), forget)), f.panel(j) + u);
      store(flushed(tanh_gradient(hn::Mul(d_c, in), new_)), g.panel(j) + u);
      store(reset ? hn::Zero(tag) : flushed(hn::Mul(d_c, forget)), dc.panel(j) + u);
      const Vector above =
          s.from_above != nullptr ? load(of(s.from_above).panel(j) + u) : hn::Zero(tag);
      store(flushed(above), next.panel(j) + u);
    });
    for (const auto& values : {i, f, g, o, y, dc, next}) values.clear_padding();
    differentiate_slots(s, lane, 4, 5);
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(lstm_norm_forward_vector);
HWY_EXPORT(lstm_norm_backward_vector);

template <>
void lstm_norm_forward(const NormalizedForward<float>& step) {
  RONDO_DISPATCH(lstm_norm_forward_vector, reference::lstm_norm_forward, step);
}
template <>
void lstm_norm_forward(const NormalizedForward<double>& step) {
  reference::lstm_norm_forward(step);
}

template <>
void lstm_norm_backward(const NormalizedBackward<float>& step) {
  RONDO_DISPATCH(lstm_norm_backward_vector, reference::lstm_norm_backward, step);
}
template <>
void lstm_norm_backward(const NormalizedBackward<double>& step) {
  reference::lstm_norm_backward(step);
}

}  // namespace rondo::kernels
#endif
