// RMSprop (Tieleman & Hinton 2012), as torch.optim.RMSprop without momentum.
#include "optim/root_scaled.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> rmsprop(const Config& config, const ParameterLayout& layout) {
  return std::make_unique<RootScaled<Real>>(config, layout.size(), config.smoothing,
                                            1.0 - config.smoothing);
}

template std::unique_ptr<Optimizer<float>> rmsprop(const Config&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> rmsprop(const Config&, const ParameterLayout&);

}  // namespace rondo::optimizers
