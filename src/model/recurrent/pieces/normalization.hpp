// Layer normalisation: what a cell that normalises its gates (kernels/normalized/normalized.hpp)
// does between the products of a step, of all units of a lane at once, and the gradient of its
// gains.
#pragma once

#include "model/allocations.hpp"
#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/segment_gradient.hpp"
#include "model/recurrent/step_view.hpp"

namespace rondo {

template <class Real>
class Normalization final : public SegmentGradient<Real> {
 public:
  Normalization(const Segment& gains, const Segment& biases, const Real* parameters,
                const LayerShape<Real>& shape, const PassShape& pass, Allocations& memory);

  void forward(const StepView<Real>& step);
  void backward(const StepView<Real>& step, const StepGradients<Real>& gradients);

  // After backward(): the gradients of what its biases have been added to.
  VectorSteps<Real> bias_gradients() { return activated_view_; }

  const Segment& segment() const override { return gains_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  template <class Step>
  Step told(const StepView<Real>& step);

  const Segment &gains_, &biases_;
  const Real* parameters_;
  LayerShape<Real> shape_;
  std::size_t scales_step_;
  Buffer<Real> normal_, activated_, scales_;  // [t]; one step where nothing is differentiated
  VectorSteps<Real> normal_view_, activated_view_;
};

}  // namespace rondo
