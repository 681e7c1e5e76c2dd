// Nesterov's accelerated gradient, in the form of Sutskever et al. 2013, as torch.optim.SGD with
// nesterov=True: the step looks ahead along the momentum.
#include "optim/sgd.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> nesterov(const Config& config, const ParameterLayout& layout) {
  return std::make_unique<Sgd<Real>>(config, layout.size(), kernels::SgdForm::nesterov);
}

template std::unique_ptr<Optimizer<float>> nesterov(const Config&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> nesterov(const Config&, const ParameterLayout&);

}  // namespace rondo::optimizers
