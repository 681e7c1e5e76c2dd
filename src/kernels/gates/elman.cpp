// The Elman cells' elementwise part, tanh and relu (kernels/gates/gates.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gates/elman.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/reference/gates/elman.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace cells;

template <class Activation>
HWY_INLINE void elman_forward(const CellForward<float>& s, Activation activation) {
  for_each_unit(s, {s.gates, s.hidden, s.state}, [&]<class V>(int lane, std::size_t at) HWY_ATTR {
    const V h = flushed(activation(load<V>(s.gates + at)));
    store(h, s.gates + at);
    store_hidden(s, lane, at, h);
  });
}

template <class Derivative>
HWY_INLINE void elman_backward(const CellBackward<float>& s, Derivative derivative) {
  for_each_unit(s, {s.gates, s.next_hidden_gradient}, [&]<class V>(int, std::size_t at) HWY_ATTR {
    const V dh = flushed(load<V>(s.hidden_gradient + at));
    store(flushed(derivative(dh, load<V>(s.gates + at))), s.gates + at);
    store(flushed(above<V>(s, at)), s.next_hidden_gradient + at);
  });
}

}  // namespace

void tanh_forward_vector(const CellForward<float>& step) {
  elman_forward(step, [](auto a) HWY_ATTR { return elementwise::tanh(a); });
}

void tanh_backward_vector(const CellBackward<float>& step) {
  elman_backward(step, [](auto d, auto h) HWY_ATTR { return tanh_gradient(d, h); });
}

// Comparisons and selections, not a maximum: a NaN stays one.
void relu_forward_vector(const CellForward<float>& step) {
  elman_forward(step, []<class V>(V a) HWY_ATTR { return IfThenZeroElse(Lt(a, all<V>(0)), a); });
}

void relu_backward_vector(const CellBackward<float>& step) {
  elman_backward(step,
                 []<class V>(V d, V h) HWY_ATTR { return IfThenElseZero(Gt(h, all<V>(0)), d); });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(tanh_forward_vector);
HWY_EXPORT(tanh_backward_vector);
HWY_EXPORT(relu_forward_vector);
HWY_EXPORT(relu_backward_vector);

template <>
void tanh_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(tanh_forward_vector, reference::tanh_forward, step);
}
template <>
void tanh_forward(const CellForward<double>& step) {
  reference::tanh_forward(step);
}

template <>
void tanh_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(tanh_backward_vector, reference::tanh_backward, step);
}
template <>
void tanh_backward(const CellBackward<double>& step) {
  reference::tanh_backward(step);
}

template <>
void relu_forward(const CellForward<float>& step) {
  RONDO_DISPATCH(relu_forward_vector, reference::relu_forward, step);
}
template <>
void relu_forward(const CellForward<double>& step) {
  reference::relu_forward(step);
}

template <>
void relu_backward(const CellBackward<float>& step) {
  RONDO_DISPATCH(relu_backward_vector, reference::relu_backward, step);
}
template <>
void relu_backward(const CellBackward<double>& step) {
  reference::relu_backward(step);
}

}  // namespace rondo::kernels
#endif
