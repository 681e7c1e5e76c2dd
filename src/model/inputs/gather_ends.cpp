#include "model/inputs/gather_ends.hpp"

#include "model/span_rows.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {
template <class Real>
GatherEnds<Real>::GatherEnds(int axis, int reversed, Activations<Real> below,
                             Activations<Real> below_gradient, bool goes_on, const PassShape& shape,
                             Allocations& memory)
    : axis_(axis),
      first_reversed_(below.panels.units - reversed),
      lanes_(shape.lanes),
      goes_on_(goes_on),
      below_(below),
      below_gradient_(below_gradient) {
  const std::size_t size = below.stride * static_cast<std::size_t>(shape.times);
  output_ = memory.make<Real>(MemoryUse::activations, size);
  if (shape.training) gradient_ = memory.make<Real>(MemoryUse::activations, size);
}

template <class Real>
void GatherEnds<Real>::forward(const WindowView& window, LaneRange lanes) {
  clear_rows(output(), window.times, lanes_, lanes);
  for_each_span_row(window.on(axis_), lanes, below_.panels, lanes_,
                    [&](const Span& span, int unit, std::size_t at, std::size_t width) {
                      Real* const to = output().at(span.parent) + at;
                      for (std::size_t u = 0; u < width; ++u, ++unit) {
                        const int t = unit < first_reversed_ ? span.last() : span.first;
                        to[u] = below_.at(t)[at + u];
                      }
                    });
}

template <class Real>
void GatherEnds<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  const WindowView spans = window.on(axis_);
  if (!goes_on_) clear_rows(below_gradient_, spans.times, lanes_, lanes);
  for_each_span_row(spans, lanes, below_.panels, lanes_,
                    [&](const Span& span, int unit, std::size_t at, std::size_t width) {
                      const Real* const from = output_gradient().at(span.parent) + at;
                      for (std::size_t u = 0; u < width; ++u, ++unit) {
                        const int t = unit < first_reversed_ ? span.last() : span.first;
                        Real& to = below_gradient_.at(t)[at + u];
                        to = flushed(to + from[u]);
                      }
                    });
}

template class GatherEnds<float>;
template class GatherEnds<double>;

}  // namespace rondo
