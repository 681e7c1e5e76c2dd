// Averaged stochastic gradient descent (Polyak & Juditsky 1992), as torch.optim.ASGD with lambd =
// 0: plain steps. The average, and what begins it, are the run's (optim/average.hpp,
// train/counters.hpp).
#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo::optimizers {
namespace {

template <class Real>
class Asgd final : public Optimizer<Real> {
 public:
  Asgd(const OptimizationSettings& settings, const ParameterLayout& layout)
      : layout_(layout), weight_decay_(settings.weight_decay) {}

  void step(double factor, double rate, std::int64_t /*update*/, std::span<Real> parameters,
            std::span<Real> gradients, ThreadPool& pool) override {
    const kernels::DescentStep<Real> step{static_cast<Real>(factor), static_cast<Real>(rate),
                                          static_cast<Real>(weight_decay_)};
    for_trained_pieces(layout_, pool, [&](std::size_t begin, std::size_t end) {
      kernels::descend<Real>(step, parameters.subspan(begin, end - begin),
                             gradients.subspan(begin, end - begin));
    });
  }

  std::vector<typename Optimizer<Real>::Moment> moments() override { return {}; }

 private:
  const ParameterLayout& layout_;
  double weight_decay_;
};

}  // namespace

template <class Real>
std::unique_ptr<Optimizer<Real>> asgd(const OptimizationSettings& settings,
                                      const ParameterLayout& layout) {
  return std::make_unique<Asgd<Real>>(settings, layout);
}

template std::unique_ptr<Optimizer<float>> asgd(const OptimizationSettings&,
                                                const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> asgd(const OptimizationSettings&,
                                                 const ParameterLayout&);

}  // namespace rondo::optimizers
