// The projection of a recurrent layer's cell (cells/lstm_projected.cpp): h_t = W m_t, the hidden
// state of P units from what the cell's elementwise part makes of H; and the gradient of W.
#pragma once

#include <vector>

#include "model/packed_weights.hpp"
#include "model/recurrent/segment_gradient.hpp"
#include "model/recurrent/window_steps.hpp"

namespace rondo {

template <class Real>
class Projection final : public SegmentGradient<Real> {
 public:
  // `weights`: W, [P, H]; `steps` has the gradients at all h_t.
  Projection(const Segment& weights, const Real* parameters, const LayerShape<Real>& shape,
             const WindowSteps<Real>& steps, const PassShape& pass, Allocations& memory);

  // What the cell is told of a step: it leaves m_t here, of which forward() makes the rest. Nothing
  // in it reads the hidden state that it enters with.
  StepView<Real> step_of_cell(const StepView<Real>& step);
  StepGradients<Real> gradients_of_cell(const StepGradients<Real>& gradients);

  // h_t, and the state that the next step reads: the same, but +0 where a lane begins then.
  void forward(const StepView<Real>& step);
  // The gradient at panel j of m_t, from that at h_t.
  void backward(const StepView<Real>& step, const StepGradients<Real>& gradients, int j);

  PackedWeights<Real>& packed() { return packed_; }
  const PackedWeights<Real>& packed() const { return packed_; }
  const Segment& segment() const override { return weights_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  Real* made(int t) { return made_.data() + static_cast<std::size_t>(t) * made_step_; }

  const Segment& weights_;
  LayerShape<Real> shape_;
  const WindowSteps<Real>& steps_;
  std::vector<kernels::Stretch> units_chain_, outputs_chain_;
  PackedWeights<Real> packed_;
  std::size_t made_step_;       // from one m_t to the next; 0 where one is kept
  Buffer<Real> made_;           // [t]: m_t; one step where nothing is differentiated
  Buffer<Real> made_gradient_;  // one step
};

}  // namespace rondo
