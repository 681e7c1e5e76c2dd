#include "model/residual.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

template <class Real>
Residual<Real>::Residual(Activations<Real> input, Activations<Real> input_gradient,
                         Activations<Real> layer, Activations<Real> layer_gradient,
                         const PassShape& shape, Allocations& memory)
    : lanes_(shape.lanes),
      input_(input),
      input_gradient_(input_gradient),
      layer_(layer),
      layer_gradient_(layer_gradient),
      sum_(memory.make<Real>(MemoryUse::activations,
                             layer.stride * static_cast<std::size_t>(shape.times))) {}

template <class Real>
void Residual<Real>::forward(const WindowView& window, LaneRange lanes) {
  for (int t = 0; t < window.times; ++t) {
    for_each_panel(layer_.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
      const std::span<Real> sum(output().at(t) + at, count);
      std::copy_n(layer_.at(t) + at, count, sum.data());
      kernels::add<Real>(sum, {input_.at(t) + at, count});
      kernels::flush_small<Real>(sum);
    });
  }
}

template <class Real>
void Residual<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  for (int t = 0; t < window.times; ++t) {
    for_each_panel(layer_.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
      std::copy_n(layer_gradient_.at(t) + at, count, input_gradient_.at(t) + at);
    });
  }
}

template class Residual<float>;
template class Residual<double>;

}  // namespace rondo
