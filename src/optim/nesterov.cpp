// Nesterov's accelerated gradient, in the form of Sutskever et al. 2013, as torch.optim.SGD with
// nesterov=True: the step looks ahead along the momentum.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> nesterov(const Config& config, std::size_t size) {
  return std::make_unique<Sgd<Real>>(config, size, kernels::SgdForm::nesterov);
}

template std::unique_ptr<Optimizer<float>> nesterov(const Config&, std::size_t);
template std::unique_ptr<Optimizer<double>> nesterov(const Config&, std::size_t);

}  // namespace rondo::optimizers
