// Stochastic gradient descent with momentum, as torch.optim.SGD.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> sgd(const Config& config, const ParameterLayout& layout) {
  return std::make_unique<Sgd<Real>>(config, layout.size(), kernels::SgdForm::plain);
}

template std::unique_ptr<Optimizer<float>> sgd(const Config&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> sgd(const Config&, const ParameterLayout&);

}  // namespace rondo::optimizers
