// Stochastic gradient descent with momentum, as torch.optim.SGD.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> sgd(const OptimizationSettings& settings,
                                     const ParameterLayout& layout) {
  return std::make_unique<Sgd<Real>>(settings, layout, kernels::SgdForm::plain);
}

template std::unique_ptr<Optimizer<float>> sgd(const OptimizationSettings&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> sgd(const OptimizationSettings&,
                                                const ParameterLayout&);

}  // namespace rondo::optimizers
