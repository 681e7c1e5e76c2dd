// What RMSprop and Adagrad share: gradients divided by the root of what their squares add up to.
#pragma once

#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo::optimizers {

template <class Real>
class RootScaled final : public Optimizer<Real> {
 public:
  // The sum of squares is kept by `keep`, and a square comes to it by `fresh`.
  RootScaled(const OptimizationSettings& settings, const ParameterLayout& layout, double keep,
             double fresh)
      : layout_(layout),
        keep_(keep),
        fresh_(fresh),
        epsilon_(settings.epsilon),
        weight_decay_(settings.weight_decay),
        squares_(layout.size()) {}

  void step(double factor, double rate, std::int64_t /*update*/, std::span<Real> parameters,
            std::span<Real> gradients, ThreadPool& pool) override {
    const kernels::RootScaledStep<Real> step{
        static_cast<Real>(factor), static_cast<Real>(rate),     static_cast<Real>(keep_),
        static_cast<Real>(fresh_), static_cast<Real>(epsilon_), static_cast<Real>(weight_decay_)};
    for_trained_pieces(layout_, pool, [&](std::size_t begin, std::size_t end) {
      const std::size_t count = end - begin;
      kernels::root_scaled<Real>(step, parameters.subspan(begin, count),
                                 gradients.subspan(begin, count),
                                 std::span<Real>(squares_).subspan(begin, count));
    });
  }

  std::vector<typename Optimizer<Real>::Moment> moments() override {
    return {{"squares", squares_}};
  }

 private:
  const ParameterLayout& layout_;
  double keep_, fresh_, epsilon_, weight_decay_;
  Buffer<Real> squares_;
};

}  // namespace rondo::optimizers
