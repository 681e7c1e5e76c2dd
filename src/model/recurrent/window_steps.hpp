// The arrays of a recurrent layer over a window, step by step.
#pragma once

#include "model/allocations.hpp"
#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/recurrent_options.hpp"
#include "model/recurrent/step_view.hpp"
#include "model/recurrent/time_order.hpp"

namespace rondo {

// Of all steps of a window, as a layer goes through them: lane l begins at step t where at(t)[l] is
// set.
struct ResetBits {
  const std::uint8_t* data = nullptr;
  std::size_t stride = 0;

  const std::uint8_t* at(int t) const { return data + static_cast<std::size_t>(t) * stride; }
};

template <class Real>
class WindowSteps {
 public:
  WindowSteps(const LayerShape<Real>& shape, const RecurrentOptions& options, const PassShape& pass,
              Allocations& memory);

  // Before anything else of a window, whose memory stays.
  void begin(const WindowView& window);
  const TimeOrder& order() const { return order_; }
  const ResetBits& resets() const { return resets_; }

  // Step t of the window, and on the way back its gradients.
  StepView<Real> step(const WindowView& window, int t, LaneRange lanes);
  StepGradients<Real> gradients(int t);
  // Before the way back, on one thread: it may be of one step fewer than the way there.
  void begin_way_back(const WindowView& window) { order_.times = window.times; }
  // Chains begin at the last step; or, where the window goes on behind these steps, at the one
  // behind them, as keep_gradients() has kept them.
  void begin_gradients(const WindowView& window, LaneRange lanes);
  // Of a window in pieces, before the first step: keeps its finished chains.
  void keep_gradients(LaneRange lanes);

  // The states that step t enters with, and leaves; that of the cell is null where it has none.
  Real* entered_state(int t) { return place(state_, order_.entered(t), shape_.output_step); }
  Real* entered_cell(int t) { return place(cells_, order_.entered(t), shape_.step); }
  Real* left_state(int t) { return place(state_, order_.left(t), shape_.output_step); }
  Real* left_cell(int t) { return place(cells_, order_.left(t), shape_.step); }

  // All time steps of each.
  Activations<Real> output() const { return hidden_view_; }
  Activations<Real> output_gradient() const { return output_gradient_view_; }
  Activations<Real> entered_states() const { return entered_states_; }
  Activations<Real> entered_cells() const { return entered_cells_; }
  Activations<Real> made_cells() const { return made_cells_view_; }
  VectorSteps<Real> gates() const { return gates_view_; }

 private:
  // Null where there are none, or they are only counted.
  static Real* place(Buffer<Real>& places, int number, std::size_t distance) {
    if (places.empty()) return nullptr;
    return places.data() + static_cast<std::size_t>(number) * distance;
  }
  void copy_lanes(const Panels& panels, LaneRange lanes, const Real* from, Real* to) const;
  // The bits of a reversed order.
  void mirror_resets(const WindowView& window);

  LayerShape<Real> shape_;
  TimeOrder order_;
  ResetBits resets_;
  Buffer<std::uint8_t> mirrored_resets_;  // [t][lane], where the order is reversed
  Buffer<Real> gates_;                    // [t]
  Buffer<Real> hidden_;                   // [t]: h_t
  Buffer<Real> state_;       // [place, TimeOrder]: hidden states between steps, resets applied
  Buffer<Real> cells_;       // likewise cell states, as made; apart: resets applied
  Buffer<Real> made_cells_;  // [t], where apart; one step where nothing is differentiated
  Buffer<Real>
      output_gradient_;          // [t]; a cell that projects leaves the finished chains of dh there
  Buffer<Real> first_gradient_;  // one step: where dh begins before the first, if that is asked for
  Buffer<Real> hidden_gradient_,
      cell_gradient_;  // one step: dh, of a cell that does not project; dc
  Buffer<Real> kept_hidden_gradient_, kept_cell_gradient_;  // one step, of a window in pieces
  Activations<Real> hidden_view_, output_gradient_view_, entered_states_, entered_cells_,
      made_cells_view_;
  VectorSteps<Real> gates_view_;
};

}  // namespace rondo
