// Adam (Kingma & Ba 2015), as torch.optim.Adam, and AdamW (Loshchilov & Hutter 2019), as
// torch.optim.AdamW: weights decay by themselves there, not through the moments.
#include "optim/adam_constants.hpp"
#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo::optimizers {
namespace {

template <class Real>
class Adam final : public Optimizer<Real> {
 public:
  Adam(const OptimizationSettings& settings, const ParameterLayout& layout, bool decoupled)
      : layout_(layout),
        decoupled_(decoupled),
        constants_(settings),
        weight_decay_(settings.weight_decay),
        first_(layout.size()),
        second_(layout.size()) {}

  void step(double factor, double rate, std::int64_t update, std::span<Real> parameters,
            std::span<Real> gradients, ThreadPool& pool) override {
    auto step = constants_.template step<Real>(factor, rate, static_cast<std::uint64_t>(update));
    if (decoupled_) {
      step.keep = static_cast<Real>(1.0 - rate * weight_decay_);
    } else {
      step.weight_decay = static_cast<Real>(weight_decay_);
    }
    for_trained_pieces(layout_, pool, [&](std::size_t begin, std::size_t end) {
      const std::size_t count = end - begin;
      kernels::adam<Real>(step, parameters.subspan(begin, count), gradients.subspan(begin, count),
                          std::span<Real>(first_).subspan(begin, count),
                          std::span<Real>(second_).subspan(begin, count));
    });
  }

  std::vector<typename Optimizer<Real>::Moment> moments() override {
    return {{"first_moment", first_}, {"second_moment", second_}};
  }

 private:
  const ParameterLayout& layout_;
  bool decoupled_;
  AdamConstants constants_;
  double weight_decay_;
  Buffer<Real> first_, second_;
};

}  // namespace

template <class Real>
std::unique_ptr<Optimizer<Real>> adam(const OptimizationSettings& settings,
                                      const ParameterLayout& layout) {
  return std::make_unique<Adam<Real>>(settings, layout, false);
}
template <class Real>
std::unique_ptr<Optimizer<Real>> adamw(const OptimizationSettings& settings,
                                       const ParameterLayout& layout) {
  return std::make_unique<Adam<Real>>(settings, layout, true);
}

template std::unique_ptr<Optimizer<float>> adam(const OptimizationSettings&,
                                                const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> adam(const OptimizationSettings&,
                                                 const ParameterLayout&);
template std::unique_ptr<Optimizer<float>> adamw(const OptimizationSettings&,
                                                 const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> adamw(const OptimizationSettings&,
                                                  const ParameterLayout&);

}  // namespace rondo::optimizers
