#include "model/regular/penalty.hpp"

#include "rondo/core/flushed.hpp"

namespace rondo {
namespace {

// h and dh of a lane at one step, panel by panel: `width` units each.
template <class Real>
void add_activation(const Real* h, Real* dh, int width, Real factor) {
  for (int u = 0; u < width; ++u) dh[u] = flushed(dh[u] + factor * h[u]);
}

// The same of two neighbouring steps.
template <class Real>
void add_temporal(const Real* before, const Real* h, Real* d_before, Real* dh, int width,
                  Real factor) {
  for (int u = 0; u < width; ++u) {
    const Real change = factor * (h[u] - before[u]);
    dh[u] = flushed(dh[u] + change);
    d_before[u] = flushed(d_before[u] - change);
  }
}

}  // namespace

template <class Real>
Penalty<Real>::Penalty(PenaltyKind kind, double weight, int targets, Activations<Real> values,
                       Activations<Real> gradient, const PassShape& shape)
    : kind_(kind),
      targets_(targets),
      twice_share_(static_cast<Real>(2.0 * weight / values.panels.units)),
      lanes_(shape.lanes),
      values_(values),
      gradient_(gradient) {}

template <class Real>
void Penalty<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  const bool temporal = kind_ == PenaltyKind::temporal;
  const std::int32_t* const targets = window.tokens(targets_);
  for (int t = temporal ? 1 : 0; t < window.times; ++t) {
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      const std::size_t here = window.row(t) + static_cast<std::size_t>(lane);
      if (targets[here] < 0 || (temporal && window.resets[here] != 0)) continue;
      for (int p = 0; p < values_.panels.count(); ++p) {
        const int width = values_.panels.width(p);
        const std::size_t at = values_.panels.index(lane, p * Panels::full, lanes_);
        if (temporal) {
          add_temporal(values_.at(t - 1) + at, values_.at(t) + at, gradient_.at(t - 1) + at,
                       gradient_.at(t) + at, width, twice_share_);
        } else {
          add_activation(values_.at(t) + at, gradient_.at(t) + at, width, twice_share_);
        }
      }
    }
  }
}

template class Penalty<float>;
template class Penalty<double>;

}  // namespace rondo
