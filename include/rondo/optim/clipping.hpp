// The norm of the gradient, the one factor that scales and clips it, and clipping by value.
#pragma once

#include <cstdint>
#include <span>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/core/thread_pool.hpp"

namespace rondo {

// Sums of squares of the segments of a buffer, each in its stored order in double; squares:
// [segment].
template <class Real>
void segment_squares(const ParameterLayout& layout, std::span<const Real> values, ThreadPool& pool,
                     std::span<double> squares);

// Their sum for a gradient buffer, segments added in bytewise order of their names, but for frozen
// ones.
template <class Real>
double gradient_squares(const ParameterLayout& layout, std::span<const Real> gradients,
                        ThreadPool& pool);

struct GradientScale {
  double norm = 0;    // of the mean gradient, before clipping
  double factor = 0;  // to multiply each gradient sum with
};

// Gradient sums over `targets` valid targets: s = 1 / targets, norm = s sqrt(squares),
// factor = s min(1, clip / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_; clip 0: no clipping.
GradientScale gradient_scale(double squares, double targets, double clip_norm);

// Multiplies each gradient sum by scale.factor, which is 1 from then on, and brings what is beyond
// +-clip_value to that bound, as torch.nn.utils.clip_grad_value_ after clip_grad_norm_.
template <class Real>
void clip_by_value(GradientScale& scale, double clip_value, std::span<Real> gradients,
                   ThreadPool& pool);

}  // namespace rondo
