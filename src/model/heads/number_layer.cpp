#include "model/heads/number_layer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rondo {

template <class Real>
NumberLayer<Real>::NumberLayer(const HeadPlaces<Real>& places, const NumberTargets& targets,
                               kernels::NumberLoss loss, const PassShape& shape,
                               Allocations& memory)
    : LinearHead<Real>(places, shape, memory), targets_(targets), loss_(std::move(loss)) {}

template <class Real>
void NumberLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  this->say(window, lanes);
  for (int t = 0; t < window.times; ++t) {
    kernels::NumberStep<Real> step;
    step.of = &loss_;
    step.width = targets_.width;
    step.lanes = this->all_lanes();
    step.lane_begin = lanes.begin;
    step.lane_end = lanes.end;
    step.outputs = this->said(t);
    step.target = target(window, t, 0);
    step.loss = this->losses(window.first_time + t);
    step.gradient = this->trains();
    kernels::number_loss(step);
  }
}

template <class Real>
double NumberLayer<Real>::weight(const WindowView& window, int t, int lane) const {
  const float* const own = target(window, t, lane);
  return static_cast<double>(
      std::count_if(own, own + targets_.width, [](float value) { return !std::isnan(value); }));
}

template class NumberLayer<float>;
template class NumberLayer<double>;

}  // namespace rondo
