// Stochastic gradient descent with momentum, as torch.optim.SGD.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> sgd(const Config& config, std::size_t size) {
  return std::make_unique<Sgd<Real>>(config, size, kernels::SgdForm::plain);
}

template std::unique_ptr<Optimizer<float>> sgd(const Config&, std::size_t);
template std::unique_ptr<Optimizer<double>> sgd(const Config&, std::size_t);

}  // namespace rondo::optimizers
