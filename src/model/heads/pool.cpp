#include "model/heads/pool.hpp"

#include <algorithm>

#include "model/span_rows.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
Pool<Real>::Pool(Pooling pooling, int reversed, Activations<Real> below,
                 Activations<Real> below_gradient, bool goes_on, const PassShape& shape,
                 Allocations& memory)
    : pooling_(pooling),
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
int Pool<Real>::holder(const Span& span, int unit, std::size_t at) const {
  if (pooling_ == Pooling::last) return unit < first_reversed_ ? span.last() : span.first;
  int best = span.first;
  for (int t = span.first + 1; t <= span.last(); ++t) {
    if (below_.at(t)[at] > below_.at(best)[at]) best = t;
  }
  return best;
}

template <class Real>
void Pool<Real>::forward(const WindowView& window, LaneRange lanes) {
  clear_rows(output(), window.times, lanes_, lanes);
  for_each_span_row(window, lanes, below_.panels, lanes_,
                    [&](const Span& span, int unit, std::size_t at, std::size_t width) {
                      Real* const pooled = output().at(span.last()) + at;
                      if (pooling_ != Pooling::mean) {
                        for (std::size_t u = 0; u < width; ++u, ++unit) {
                          pooled[u] = below_.at(holder(span, unit, at + u))[at + u];
                        }
                        return;
                      }
                      for (int t = span.first; t <= span.last(); ++t) {
                        const Real* const step = below_.at(t) + at;
                        for (std::size_t u = 0; u < width; ++u) pooled[u] += step[u];
                      }
                      const auto share = static_cast<Real>(1.0 / span.length);
                      for (std::size_t u = 0; u < width; ++u) {
                        pooled[u] = flushed(pooled[u] * share);
                      }
                    });
}

template <class Real>
void Pool<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  if (!goes_on_) clear_rows(below_gradient_, window.times, lanes_, lanes);
  for_each_span_row(window, lanes, below_.panels, lanes_,
                    [&](const Span& span, int unit, std::size_t at, std::size_t width) {
                      const Real* const pooled = output_gradient().at(span.last()) + at;
                      const auto add = [&](int t, std::size_t u, Real value) {
                        Real& to = below_gradient_.at(t)[at + u];
                        to = flushed(to + value);
                      };
                      const auto share = static_cast<Real>(1.0 / span.length);
                      for (std::size_t u = 0; u < width; ++u, ++unit) {
                        if (pooling_ != Pooling::mean) {
                          add(holder(span, unit, at + u), u, pooled[u]);
                          continue;
                        }
                        const Real part = flushed(pooled[u] * share);
                        for (int t = span.first; t <= span.last(); ++t) add(t, u, part);
                      }
                    });
}

template class Pool<float>;
template class Pool<double>;

}  // namespace rondo
