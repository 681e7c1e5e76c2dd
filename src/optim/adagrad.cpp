// Adagrad (Duchi et al. 2011), as torch.optim.Adagrad.
#include "optim/root_scaled.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> adagrad(const Config& config, const ParameterLayout& layout) {
  return std::make_unique<RootScaled<Real>>(config, layout.size(), 1.0, 1.0);
}

template std::unique_ptr<Optimizer<float>> adagrad(const Config&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> adagrad(const Config&, const ParameterLayout&);

}  // namespace rondo::optimizers
