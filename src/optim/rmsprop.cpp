// RMSprop (Tieleman & Hinton 2012), as torch.optim.RMSprop without momentum.
#include "optim/root_scaled.hpp"

namespace rondo::optimizers {

template <class Real>
std::unique_ptr<Optimizer<Real>> rmsprop(const OptimizationSettings& settings,
                                         const ParameterLayout& layout) {
  return std::make_unique<RootScaled<Real>>(settings, layout, settings.smoothing,
                                            1.0 - settings.smoothing);
}

template std::unique_ptr<Optimizer<float>> rmsprop(const OptimizationSettings&,
                                                   const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> rmsprop(const OptimizationSettings&,
                                                    const ParameterLayout&);

}  // namespace rondo::optimizers
