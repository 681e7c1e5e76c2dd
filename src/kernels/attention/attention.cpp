// kernels/attention/attention.hpp: one body for every vector target, since these loops are short
// beside the products that make the scores. On x86-64 they have AVX and fused multiply-adds
// (RONDO_FUSED), and vectors run along units.
#include "rondo/kernels/attention/attention.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/attention/positions.hpp"
#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo::kernels {
namespace {

// A lane's row in panel p of a step.
template <class Real, class Value>
Value* row(const Attended<Real>& span, Value* step, int p) {
  return step + span.units.index(span.lane, p * Panels::full, span.lanes);
}
template <class Real>
const Real* state(const Attended<Real>& span, int position) {
  return span.states + static_cast<std::size_t>(position) * span.state_stride;
}

template <class Real>
RONDO_FUSED void make_context(const Attended<Real>& span, Real* context) {
  for (int p = 0; p < span.units.count(); ++p) {
    Real sums[Panels::full] = {};
    const int width = span.units.width(p);
    for (int i = 0; i < span.positions; ++i) {
      const Real weight = *span.score(i);
      const Real* const values = row(span, state(span, i), p);
      for (int u = 0; u < width; ++u) sums[u] = std::fma(weight, values[u], sums[u]);
    }
    Real* const out = row(span, context, p);
    for (int u = 0; u < width; ++u) out[u] = flushed(sums[u]);
  }
}

// Four positions' chains side by side: one would wait for itself.
template <class Real>
RONDO_FUSED void make_weight_gradients(const Attended<Real>& span, const Real* context_gradient) {
  constexpr int together = 4;
  for (int first = 0; first < span.positions; first += together) {
    Real chains[together] = {};
    for (int p = 0; p < span.units.count(); ++p) {
      const Real* const gradient = row(span, context_gradient, p);
      const Real* values[together];
      for (int j = 0; j < together; ++j) {
        values[j] = row(span, state(span, std::min(first + j, span.positions - 1)), p);
      }
      for (int u = 0; u < span.units.valid(p); ++u) {
        for (int j = 0; j < together; ++j) {
          chains[j] = std::fma(gradient[u], values[j][u], chains[j]);
        }
      }
    }
    for (int j = 0; j < std::min(together, span.positions - first); ++j) {
      span.score(first + j)[1] = chains[j];  // in padding, for a while
    }
  }
}

}  // namespace

template <class Real>
void attend(const Attended<Real>& span, Real* context) {
  const Real maximum =
      largest_of_positions<Real>(span.positions, [&](int i) { return *span.score(i); });
  const Real sum = sum_over_positions<Real>(span.positions, [&](int i) {
    Real& score = *span.score(i);
    return score = reference::exp(score - maximum);
  });
  for (int i = 0; i < span.positions; ++i) *span.score(i) = flushed(*span.score(i) / sum);
  make_context(span, context);
}

template <class Real>
void attend_backward(const Attended<Real>& span, const Real* context_gradient, Real* gradients,
                     std::size_t gradient_stride) {
  make_weight_gradients(span, context_gradient);
  const Real mean = sum_over_positions<Real>(
      span.positions, [&](int i) { return span.score(i)[0] * span.score(i)[1]; });
  for (int i = 0; i < span.positions; ++i) {
    Real* const score = span.score(i);
    const Real weight = score[0];
    Real* const step = gradients + static_cast<std::size_t>(i) * gradient_stride;
    for (int p = 0; p < span.units.count(); ++p) {
      const Real* const from = row(span, context_gradient, p);
      Real* const to = row(span, step, p);
      for (int u = 0; u < span.units.width(p); ++u) to[u] += weight * from[u];
    }
    score[0] = flushed(weight * (score[1] - mean));
    score[1] = 0;
  }
}

template void attend(const Attended<float>&, float*);
template void attend(const Attended<double>&, double*);
template void attend_backward(const Attended<float>&, const float*, float*, std::size_t);
template void attend_backward(const Attended<double>&, const double*, double*, std::size_t);

}  // namespace rondo::kernels
