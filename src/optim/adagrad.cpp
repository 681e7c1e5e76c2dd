// Adagrad (Duchi et al. 2011), as torch.optim.Adagrad.
#include "optim/root_scaled.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> adagrad(const OptimizationSettings& settings,
                                         const ParameterLayout& layout) {
  return std::make_unique<RootScaled<Real>>(settings, layout, 1.0, 1.0);
}

template std::unique_ptr<Optimizer<float>> adagrad(const OptimizationSettings&,
                                                   const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> adagrad(const OptimizationSettings&,
                                                    const ParameterLayout&);

}  // namespace rondo::optimizers
