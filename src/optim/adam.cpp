// Adam (Kingma & Ba 2015), as torch.optim.Adam, and AdamW (Loshchilov & Hutter 2019), as
// torch.optim.AdamW: weights decay by themselves there, not through the moments.
#include <cmath>

#include "optim/optimizers.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/kernels/update.hpp"

namespace rondo::optimizers {
namespace {

template <class Real>
class Adam final : public Optimizer<Real> {
 public:
  Adam(const Config& config, std::size_t size, bool decoupled)
      : decoupled_(decoupled),
        beta1_(config.beta1),
        beta2_(config.beta2),
        epsilon_(config.epsilon),
        weight_decay_(config.weight_decay),
        first_(size),
        second_(size) {}

  void step(double factor, double rate, std::int64_t update, std::span<Real> parameters,
            std::span<const Real> gradients, ThreadPool& pool) override {
    const auto t = static_cast<std::uint64_t>(update);
    kernels::AdamStep<Real> step;
    step.factor = static_cast<Real>(factor);
    step.beta1 = static_cast<Real>(beta1_);
    step.one_minus_beta1 = static_cast<Real>(1.0 - beta1_);
    step.beta2 = static_cast<Real>(beta2_);
    step.one_minus_beta2 = static_cast<Real>(1.0 - beta2_);
    step.step_size = static_cast<Real>(rate / (1.0 - exact::power(beta1_, t)));
    step.inverse_root_bias2 = static_cast<Real>(1.0 / std::sqrt(1.0 - exact::power(beta2_, t)));
    step.epsilon = static_cast<Real>(epsilon_);
    if (decoupled_) {
      step.weight_decay = 0;
      step.keep = static_cast<Real>(1.0 - rate * weight_decay_);
    } else {
      step.weight_decay = static_cast<Real>(weight_decay_);
    }
    for_pieces(parameters.size(), pool, [&](std::size_t begin, std::size_t end) {
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
  bool decoupled_;
  double beta1_, beta2_, epsilon_, weight_decay_;
  Buffer<Real> first_, second_;
};

}  // namespace

template <class Real>
std::unique_ptr<Optimizer<Real>> adam(const Config& config, std::size_t size) {
  return std::make_unique<Adam<Real>>(config, size, false);
}
template <class Real>
std::unique_ptr<Optimizer<Real>> adamw(const Config& config, std::size_t size) {
  return std::make_unique<Adam<Real>>(config, size, true);
}

template std::unique_ptr<Optimizer<float>> adam(const Config&, std::size_t);
template std::unique_ptr<Optimizer<double>> adam(const Config&, std::size_t);
template std::unique_ptr<Optimizer<float>> adamw(const Config&, std::size_t);
template std::unique_ptr<Optimizer<double>> adamw(const Config&, std::size_t);

}  // namespace rondo::optimizers
