// The engine of a recurrent layer: one time step, forward and back, for some lanes, wherever its
// arrays lie. What a step is made of, and the order in which its pieces act, stand here; who goes
// through the steps of a window, and with which input, is up to its user (recurrent_layer.hpp).
#pragma once

#include <optional>
#include <vector>

#include "model/packed_weights.hpp"
#include "model/recurrent/gates_gradient.hpp"
#include "model/recurrent/pieces/elementwise.hpp"
#include "model/recurrent/pieces/normalization.hpp"
#include "model/recurrent/pieces/peepholes.hpp"
#include "model/recurrent/pieces/projection.hpp"
#include "model/recurrent/pieces/transition.hpp"
#include "model/recurrent/recurrent_segments.hpp"
#include "model/recurrent/step_view.hpp"
#include "model/regular/weight_dropout.hpp"

namespace rondo {

template <class Real>
class RecurrentStep {
 public:
  // `steps`: the arrays of all steps, for the gradients of parameters, which are sums over them.
  // `given`: where lanes begin, of a step whose options say so.
  RecurrentStep(const ParameterLayout& layout, const RecurrentSegments& segments,
                const Real* parameters, const LayerShape<Real>& shape,
                const RecurrentOptions& options, const WindowSteps<Real>& steps,
                const PassShape& pass, Allocations& memory, const GivenStates<Real>& given = {});
  RecurrentStep(const RecurrentStep&) = delete;
  RecurrentStep& operator=(const RecurrentStep&) = delete;

  // Goes on with the chains over the input to what the step leaves.
  void forward(const StepView<Real>& step);

  // The way back through a step in two halves: to the gradients at its gates, of which that at its
  // input can be made; then to the gradient at the hidden state that it enters with.
  void backward_gates(const StepView<Real>& step, const StepGradients<Real>& gradients);
  void backward_state(const StepView<Real>& step, const StepGradients<Real>& gradients);

  // The states that lanes begin with.
  const Transition<Real>& transition() const { return transition_; }
  const WeightDropout<Real>& weight_dropout() const { return weight_dropout_; }

  // Before each window, its recurrent matrix, where that loses weights: it is drawn by the jobs of
  // round 0, then packed by those of round 1.
  int prepare_jobs(int round) const;
  void prepare_job(int round, int job, const WindowView& window);
  // After each update, the weights as the products read them.
  int pack_jobs() const;
  void pack_job(int job);

  // All of the step's parameters, in the order in which they are stored.
  const std::vector<const SegmentGradient<Real>*>& segment_gradients() const { return segments_; }

 private:
  // The step as the cell's part sees it.
  StepView<Real> step_of_cell(const StepView<Real>& step);
  // Chains over the hidden state, of all gates of unit panel j.
  void multiply_state(const StepView<Real>& step, int j);
  // Adds the recurrent part to dh at the step before.
  void multiply_gates(const StepView<Real>& step, Real* next_hidden_gradient);

  LayerShape<Real> shape_;
  const Segment& bias_;
  const Real* parameters_;
  std::vector<kernels::Stretch> state_chain_, gates_chain_;  // over the hidden state; over gates
  std::vector<int> input_gates_;  // [slot]: its number among the input's; -1: not one of them
  WeightDropout<Real> weight_dropout_;
  PackedWeights<Real> packed_;
  std::optional<Normalization<Real>> normalization_;
  std::optional<Peepholes<Real>> peepholes_;
  Elementwise<Real> elementwise_;
  std::optional<Projection<Real>> projection_;
  Transition<Real> transition_;

  GatesGradient<Real> weights_gradient_;
  BiasGradient<Real> bias_gradient_;
  std::vector<const SegmentGradient<Real>*> segments_;
};

}  // namespace rondo
