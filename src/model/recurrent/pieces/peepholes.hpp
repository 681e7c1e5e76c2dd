// A cell's peepholes: weights through which gates see their units' cell state, and their gradient.
#pragma once

#include "model/recurrent/segment_gradient.hpp"
#include "model/recurrent/window_steps.hpp"

namespace rondo {

template <class Real>
class Peepholes final : public SegmentGradient<Real> {
 public:
  // `steps` has the cell states and the gradients at the gates. `resets_apply`: a lane that begins
  // at a step enters it with a cell state of zero, whatever stands there.
  Peepholes(const Segment& weights, const Real* parameters, const Cell<Real>& cell,
            const WindowSteps<Real>& steps, bool resets_apply)
      : weights_(weights),
        parameters_(parameters),
        cell_(cell),
        steps_(steps),
        resets_apply_(resets_apply) {}

  // Those of a unit panel: [number][width].
  const Real* weights(int j) const { return parameters_ + weights_.offset + weights_.panel(j, 0); }

  const Segment& segment() const override { return weights_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  const Segment& weights_;
  const Real* parameters_;
  const Cell<Real>& cell_;
  const WindowSteps<Real>& steps_;
  bool resets_apply_;
};

}  // namespace rondo
