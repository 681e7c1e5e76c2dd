// What comes between the state that a step's cell makes and the one that the next step enters with:
// zoneout, and the states that lanes begin with.
//
// Backward, at step t: the chain of dh at the step before starts from the gradient from above, then
// what zoneout keeps, then the cell's elementwise term. A lane that begins at t has a chain from +0
// in its place, whose end belongs to its initial state, and at the step before the gradient from
// above alone.
#pragma once

#include <vector>

#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/pieces/initial_state.hpp"
#include "model/recurrent/recurrent_options.hpp"
#include "model/recurrent/step_view.hpp"
#include "model/regular/zoneout.hpp"

namespace rondo {

template <class Real>
class Transition {
 public:
  // `initial`: the segments of the states that lanes begin with, hidden, then cell; null: they are
  // zero, or `given`.
  Transition(const LayerShape<Real>& shape, const RecurrentOptions& options,
             const Segment* initial_hidden, const Segment* initial_cell, const Real* parameters,
             const PassShape& pass, Allocations& memory, const GivenStates<Real>& given);

  const InitialState<Real>& initial_hidden() const { return initial_hidden_; }
  const InitialState<Real>& initial_cell() const { return initial_cell_; }

  // Lanes begin at a window's first step, t, whose reset bits are `resets`.
  void begin(int t, const std::uint8_t* resets, LaneRange lanes, Real* state, Real* cell) const;
  // Reset bits as the cell sees them: where lanes begin with another state than zero, it is none of
  // its business.
  const std::uint8_t* resets_of_cell(const StepView<Real>& step) const {
    return initial_hidden_.is_zero() ? step.resets : no_resets_.data();
  }

  // After the cell's part: makes of it what the step leaves, and the next enters with.
  void forward(const StepView<Real>& step);

  // Before and after the cell's part on the way back: takes out of its gradients, and adds again,
  // what goes past the cell, and what belongs to lanes that begin at this step.
  void divide(const StepView<Real>& step, const StepGradients<Real>& gradients);
  void join(const StepView<Real>& step, const StepGradients<Real>& gradients);
  // Whether the gradient at the hidden state that the step enters with is asked for.
  bool goes_back(const StepView<Real>& step) const;
  // After its recurrent product, where that is so.
  void leave(const StepView<Real>& step, const StepGradients<Real>& gradients);

 private:
  void add_kept(const Panels& panels, const StepView<Real>& step, const Real* kept, Real* to) const;

  LayerShape<Real> shape_;
  bool apart_;  // the cell state that a step makes lies apart from what the next reads
  Zoneout<Real> zoneout_hidden_, zoneout_cell_;
  InitialState<Real> initial_hidden_, initial_cell_;
  std::vector<std::uint8_t> no_resets_;  // [lane]
  Buffer<Real> saved_rows_;              // one step: where dh starts, for reset lanes
};

}  // namespace rondo
