#include "rondo/optim/clipping.hpp"

#include <algorithm>
#include <cmath>

#include "optim/pieces.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

template <class Real>
void segment_squares(const ParameterLayout& layout, std::span<const Real> values, ThreadPool& pool,
                     std::span<double> squares) {
  const std::vector<Segment>& segments = layout.segments();
  pool.for_each(static_cast<int>(segments.size()), [&](int i) {
    const Segment& segment = segments[static_cast<std::size_t>(i)];
    squares[static_cast<std::size_t>(i)] =
        kernels::sum_of_squares(values.subspan(segment.offset, segment.size));
  });
}

template <class Real>
double gradient_squares(const ParameterLayout& layout, std::span<const Real> gradients,
                        ThreadPool& pool) {
  thread_local std::vector<double> squares;  // kept, so that a step allocates nothing
  squares.resize(layout.segments().size());
  segment_squares(layout, gradients, pool, std::span<double>(squares));
  double total = 0;
  for (const std::size_t i : layout.by_name()) {
    if (!layout[i].frozen) total += squares[i];
  }
  return total;
}

GradientScale gradient_scale(double squares, double targets, double clip_norm) {
  GradientScale scale;
  const double mean = 1.0 / targets;
  scale.norm = mean * std::sqrt(squares);
  scale.factor = mean;
  if (clip_norm > 0) scale.factor = mean * std::min(1.0, clip_norm / (scale.norm + 1e-6));
  return scale;
}

template <class Real>
void clip_by_value(GradientScale& scale, double clip_value, std::span<Real> gradients,
                   ThreadPool& pool) {
  const Real factor = static_cast<Real>(scale.factor), bound = static_cast<Real>(clip_value);
  optimizers::for_pieces(gradients.size(), pool, [&](std::size_t begin, std::size_t end) {
    kernels::scale_within(gradients.subspan(begin, end - begin), factor, bound);
  });
  scale.factor = 1;
}

template void segment_squares(const ParameterLayout&, std::span<const float>, ThreadPool&,
                              std::span<double>);
template void segment_squares(const ParameterLayout&, std::span<const double>, ThreadPool&,
                              std::span<double>);
template double gradient_squares(const ParameterLayout&, std::span<const float>, ThreadPool&);
template double gradient_squares(const ParameterLayout&, std::span<const double>, ThreadPool&);
template void clip_by_value(GradientScale&, double, std::span<float>, ThreadPool&);
template void clip_by_value(GradientScale&, double, std::span<double>, ThreadPool&);

}  // namespace rondo
