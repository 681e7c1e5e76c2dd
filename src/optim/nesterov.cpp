// Nesterov's accelerated gradient, in the form of Sutskever et al. 2013, as torch.optim.SGD with
// nesterov=True: the step looks ahead along the momentum.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> nesterov(const OptimizationSettings& settings,
                                          const ParameterLayout& layout) {
  return std::make_unique<Sgd<Real>>(settings, layout, kernels::SgdForm::nesterov);
}

template std::unique_ptr<Optimizer<float>> nesterov(const OptimizationSettings&,
                                                    const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> nesterov(const OptimizationSettings&,
                                                     const ParameterLayout&);

}  // namespace rondo::optimizers
