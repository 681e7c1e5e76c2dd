#include "model/inputs/number_input.hpp"

namespace rondo {

template <class Real>
NumberInput<Real>::NumberInput(int column, int width, const PassShape& shape, Allocations& memory)
    : column_(column),
      lanes_(shape.lanes),
      panels_{width},
      stride_(step_distance(panels_.step_size(shape.lanes))),
      output_(memory.make<Real>(MemoryUse::activations,
                                stride_ * static_cast<std::size_t>(shape.times))) {}

template <class Real>
void NumberInput<Real>::forward(const WindowView& window, LaneRange lanes) {
  const auto width = static_cast<std::size_t>(panels_.units);
  const float* const all = window.reals(column_, panels_.units);
  for (int t = 0; t < window.times; ++t) {
    Real* const step = output_.data() + static_cast<std::size_t>(t) * stride_;
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      const float* const from = all + (window.row(t) + static_cast<std::size_t>(lane)) * width;
      for (int p = 0; p < panels_.count(); ++p) {
        Real* const to = step + panels_.index(lane, p * Panels::full, lanes_);
        for (int u = 0; u < panels_.valid(p); ++u) {
          to[u] = static_cast<Real>(from[p * Panels::full + u]);
        }
      }
    }
  }
}

template class NumberInput<float>;
template class NumberInput<double>;

}  // namespace rondo
