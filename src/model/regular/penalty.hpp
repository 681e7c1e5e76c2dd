// Penalties on the outputs of the last recurrent layer (Merity et al. 2017): on their size, and on
// their change from one time step to the next.
//
// Their sums are divided as the loss is, by the number of valid targets: of an output of H units,
// `activation` costs a / H * sum of h_t^2 for each valid target, `temporal` b / H * sum of
// (h_t - h_{t-1})^2, where step t - 1 is within the window and the lane is not reset at t. Only
// gradients know of it: losses are reported without.
#pragma once

#include "rondo/model/network_plan.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Changes nothing on the way forward; backward() adds to the gradient at `values`, in place.
template <class Real>
class Penalty final : public StageWithoutParameters<Real> {
 public:
  // `targets`: the window's column that says which steps count.
  Penalty(PenaltyKind kind, double weight, int targets, Activations<Real> values,
          Activations<Real> gradient, const PassShape& shape);

  void forward(const WindowView&, LaneRange) override {}
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  PenaltyKind kind_;
  int targets_;
  Real twice_share_;  // of a unit: 2 weight / H
  int lanes_;
  Activations<Real> values_, gradient_;
};

}  // namespace rondo
