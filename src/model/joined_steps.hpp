// Neighbouring steps of a sequence side by side as one step of a shorter time: what a layer of a
// pyramid reads of the layer below (Chan et al. 2016).
//
// The one step begins where the first of them does, at a multiple of their number in the sequence;
// of a sequence's last one +0 is what lacks, and what no span covers. A step's units stand in the
// order of the steps. The gradient goes back to where each value came from, +0 to steps that no
// span covers.
#pragma once

#include "model/allocations.hpp"
#include "model/own_steps.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class JoinedSteps final : public StageWithoutParameters<Real> {
 public:
  // `axis`: of `below`, of which `factor` steps are one of the stage's own. `goes_on`: another
  // stage has started the gradient there. `shape` is of the stage's axis.
  JoinedSteps(int axis, int factor, Activations<Real> below, Activations<Real> below_gradient,
              bool goes_on, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return output_.view(); }
  Activations<Real> output_gradient() { return gradient_.view(); }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  // Calls body(t, from, joined, to, count) for the units of all spans' steps: `count` of step t
  // below, from `from` on, are those of step `joined` from `to` on.
  template <class Body>
  void for_each_unit(const WindowView& window, LaneRange lanes, Body body);

  int axis_, factor_, lanes_;
  bool goes_on_;
  Activations<Real> below_, below_gradient_;
  OwnSteps<Real> output_, gradient_;
};

}  // namespace rondo
