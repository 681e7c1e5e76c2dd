// What stochastic gradient descent and Nesterov's form of it share: one pass, one moment.
#pragma once

#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo::optimizers {

template <class Real>
class Sgd final : public Optimizer<Real> {
 public:
  Sgd(const OptimizationSettings& settings, const ParameterLayout& layout, kernels::SgdForm form)
      : layout_(layout),
        momentum_(settings.momentum),
        weight_decay_(settings.weight_decay),
        form_(form),
        momenta_(layout.size()) {}

  void step(double factor, double rate, std::int64_t /*update*/, std::span<Real> parameters,
            std::span<Real> gradients, ThreadPool& pool) override {
    const kernels::SgdStep<Real> step{static_cast<Real>(factor), static_cast<Real>(rate),
                                      static_cast<Real>(momentum_),
                                      static_cast<Real>(weight_decay_), form_};
    for_trained_pieces(layout_, pool, [&](std::size_t begin, std::size_t end) {
      const std::size_t count = end - begin;
      kernels::sgd<Real>(step, parameters.subspan(begin, count), gradients.subspan(begin, count),
                         std::span<Real>(momenta_).subspan(begin, count));
    });
  }

  std::vector<typename Optimizer<Real>::Moment> moments() override {
    return {{"momentum", momenta_}};
  }

 private:
  const ParameterLayout& layout_;
  double momentum_, weight_decay_;
  kernels::SgdForm form_;
  Buffer<Real> momenta_;
};

}  // namespace rondo::optimizers
