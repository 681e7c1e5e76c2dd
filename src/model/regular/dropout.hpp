// Dropout of what goes into a layer (Srivastava et al. 2014; Zaremba et al. 2014 for recurrent
// stacks): each value is zeroed with probability p, the others scaled by 1 / (1 - p). Locked, a
// lane's unit is zeroed, or not, at all time steps of a window (Gal & Ghahramani 2016). In training
// only.
#pragma once

#include "model/allocations.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class Dropout final : public StageWithoutParameters<Real> {
 public:
  Dropout(double probability, bool locked, const StageIdentity& identity, Activations<Real> below,
          Activations<Real> below_gradient, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), below_.stride, below_.panels}; }
  // The layer above writes its gradient where the layer below reads it; backward() masks in place.
  Activations<Real> output_gradient() { return below_gradient_; }

  void forward(const WindowView& window, LaneRange lanes) override {
    forward(window, {0, window.times}, lanes);
  }
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override {
    backward({0, window.times}, lanes);
  }
  // Of some steps: forward, each after the one before it.
  void forward(const WindowView& window, TimeRange times, LaneRange lanes);
  void backward(TimeRange times, LaneRange lanes);

 private:
  std::uint64_t& mask(int t, int panel, int lane);

  float probability_;
  bool locked_;
  Real scale_;
  StageIdentity identity_;
  int lanes_;
  Activations<Real> below_, below_gradient_;
  Buffer<Real> output_;
  Buffer<std::uint64_t> masks_;  // [t][panel][lane], a bit a unit: kept
};

}  // namespace rondo
