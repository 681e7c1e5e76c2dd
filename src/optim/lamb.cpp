// LAMB (You et al. 2020, algorithm 2, with the identity for phi): Adam's direction and weight
// decay, and for each parameter array a rate that goes with its norm.
//
//   r = |p| / |u|, 1 where either is 0;  p = fma(-rate r, u, p)
// with u as kernels::lamb_direction leaves it in place of the gradients, and the norms those of
// clipping.hpp, in double; rate r is rounded once.
#include <cmath>

#include "optim/adam_constants.hpp"
#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/clipping.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo::optimizers {
namespace {

template <class Real>
class Lamb final : public Optimizer<Real> {
 public:
  Lamb(const OptimizationSettings& settings, const ParameterLayout& layout)
      : layout_(layout),
        constants_(settings),
        weight_decay_(settings.weight_decay),
        first_(layout.size()),
        second_(layout.size()),
        weight_squares_(layout.segments().size()),
        direction_squares_(layout.segments().size()) {}

  void step(double factor, double rate, std::int64_t update, std::span<Real> parameters,
            std::span<Real> gradients, ThreadPool& pool) override {
    auto step = constants_.template step<Real>(factor, 1, static_cast<std::uint64_t>(update));
    step.weight_decay = static_cast<Real>(weight_decay_);
    for_trained_pieces(layout_, pool, [&](std::size_t begin, std::size_t end) {
      const std::size_t count = end - begin;
      kernels::lamb_direction<Real>(step, parameters.subspan(begin, count),
                                    gradients.subspan(begin, count),
                                    std::span<Real>(first_).subspan(begin, count),
                                    std::span<Real>(second_).subspan(begin, count));
    });
    segment_squares<Real>(layout_, parameters, pool, weight_squares_);
    segment_squares<Real>(layout_, gradients, pool, direction_squares_);
    for (std::size_t i = 0; i < weight_squares_.size(); ++i) {
      const Segment& segment = layout_[i];
      if (segment.frozen) continue;
      const auto own = parameters.subspan(segment.offset, segment.size);
      const auto direction = gradients.subspan(segment.offset, segment.size);
      const kernels::DescentStep<Real> descent{1, static_cast<Real>(rate * trust(i)), 0};
      for_pieces(segment.size, pool, [&](std::size_t begin, std::size_t end) {
        kernels::descend<Real>(descent, own.subspan(begin, end - begin),
                               direction.subspan(begin, end - begin));
      });
    }
  }

  std::vector<typename Optimizer<Real>::Moment> moments() override {
    return {{"first_moment", first_}, {"second_moment", second_}};
  }

 private:
  double trust(std::size_t i) const {
    const double weights = std::sqrt(weight_squares_[i]);
    const double direction = std::sqrt(direction_squares_[i]);
    return weights > 0 && direction > 0 ? weights / direction : 1;
  }

  const ParameterLayout& layout_;
  AdamConstants constants_;
  double weight_decay_;
  Buffer<Real> first_, second_;
  std::vector<double> weight_squares_, direction_squares_;  // [segment]
};

}  // namespace

template <class Real>
std::unique_ptr<Optimizer<Real>> lamb(const OptimizationSettings& settings,
                                      const ParameterLayout& layout) {
  return std::make_unique<Lamb<Real>>(settings, layout);
}

template std::unique_ptr<Optimizer<float>> lamb(const OptimizationSettings&,
                                                const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> lamb(const OptimizationSettings&,
                                                 const ParameterLayout&);

}  // namespace rondo::optimizers
