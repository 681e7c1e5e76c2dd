// One recurrent layer over a window: input products for a few steps at once (of an embedding, once
// for each different token of the window), then step by step the recurrent products and the cell's
// elementwise part; backward likewise in reverse.
//
// Shapes, with L lanes side by side, H units, K inputs, S slots: gates [t][unit
// panel][slot][lane][width], input and output activations [t][panel][lane][width]. A cell that
// normalises needs all units of a lane at once, after all panels' products; its activated gates lie
// apart from the products' sums. Outputs, and the hidden state, have as many units as the cell, or
// P where it projects. Truncated back-propagation through time: the hidden (and cell) state is
// carried from window to window, gradients are not.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "model/initial_state.hpp"
#include "model/packed_weights.hpp"
#include "model/projection.hpp"
#include "model/stage_identity.hpp"
#include "model/token_products.hpp"
#include "model/weight_dropout.hpp"
#include "model/weight_gradient.hpp"
#include "model/zoneout.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

struct RecurrentSegments {
  std::size_t input_weights, recurrent_weights, bias;
  // Of the cell's own: its peepholes, gains or projection, where it has one of them.
  std::size_t last;
  std::vector<std::size_t> initial;  // the layer's last: where its states begin, if that is learned
};

struct RecurrentWidths {
  int inputs = 0, units = 0, outputs = 0;
};

// Segments "rnn.weight_ih_l<k>", "rnn.weight_hh_l<k>", "rnn.bias_l<k>" of a layer, and
// "rnn.peephole_l<k>", "rnn.gain_l<k>" or "rnn.weight_hr_l<k>" where the cell has peepholes,
// normalises or projects; where it does not project, it has as many outputs as units. With
// `trains_initial`, "rnn.initial_hidden_l<k>", and "rnn.initial_cell_l<k>" where the cell has one.
template <class Real>
RecurrentSegments add_recurrent_layer(ParameterLayout& layout, const Cell<Real>& cell, int layer,
                                      const RecurrentWidths& widths, bool trains_initial = false);

// What a layer does beside its cell.
struct RecurrentOptions {
  bool resumes_input_gradient = false;   // its chains start from what is there
  double weight_dropout = 0;             // of the recurrent matrix
  double zoneout = 0, zoneout_cell = 0;  // of the hidden and the cell state
  bool trains_initial = false;           // where its states begin
  StageIdentity identity{};              // whose random numbers they are
};

template <class Real>
class RecurrentLayer final : public Stage<Real> {
 public:
  // `below` is the input of this layer and `below_gradient` where its gradient goes. `tokens`: the
  // different tokens of each window, if the input is an embedding that lists them.
  RecurrentLayer(const ParameterLayout& layout, const RecurrentSegments& segments,
                 const Cell<Real>& cell, int layer, const Real* parameters, Activations<Real> below,
                 Activations<Real> below_gradient, const PassShape& shape, Allocations& memory,
                 const RecurrentOptions& options = {}, const DistinctRows<Real>* tokens = nullptr);

  Activations<Real> output() { return {hidden_.data(), output_step_, outputs_}; }
  // Backward of a cell that projects leaves the finished chains of dh there.
  Activations<Real> output_gradient() { return {output_gradient_.data(), output_step_, outputs_}; }

  std::pair<std::size_t, std::size_t> segment_range() const override;
  void begin_window(const WindowView& window) override;
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  int gradient_jobs() const override;
  std::size_t final_after(int jobs) const override;
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override;
  // A recurrent matrix that loses weights is drawn, then packed, for each window; products of
  // tokens are made in the second round.
  int prepare_jobs(int round) const override;
  void prepare_job(int round, int job, const WindowView& window) override;
  int finish_jobs() const override { return dropped_panels(); }
  void finish_job(int job, std::int64_t window, Real* gradient) const override;
  int pack_jobs() const override;
  void pack_job(int job) override;
  void carry(const WindowView& window) override;
  void clear_state() override;
  int reset_non_finite() override;
  void save_state(const std::string& prefix, NamedState& state) const override;
  void load_state(const std::string& prefix, const NamedState& state, std::int64_t first_lane,
                  std::int64_t all_lanes) override;

 private:
  // Step t of what has the cell's units, and of the hidden state.
  std::size_t at(int t) const { return static_cast<std::size_t>(t) * step_; }
  std::size_t hidden_at(int t) const { return static_cast<std::size_t>(t) * output_step_; }
  // Gate slot s of unit panel j at time t.
  Real* slot(int t, int j, int s) {
    return gates_.data() + static_cast<std::size_t>(t) * gates_step_ +
           units_.offset(j, s, cell_.slots, lanes_);
  }
  // Slots' gradients at the biases: what has been activated, where biases come after a
  // normalisation, else what the products add up.
  const Real* bias_gradient(int j, int number) {
    return cell_.normalized == 0 ? slot(0, j, number) : vector(activated_, 0, j, number);
  }
  std::size_t bias_gradient_step() const {
    return cell_.normalized == 0 ? gates_step_ : normal_step_;
  }
  // Reset bits of step t as the cell sees them: where lanes begin with what is learned, it is none
  // of its business.
  const std::uint8_t* cell_resets(const WindowView& window, int t) const {
    return initial_hidden_.trained() ? no_resets_.data() : window.resets + window.row(t);
  }
  // Where the chain of dh at t - 1 starts; null: nowhere.
  Real* above_gradient(int t) {
    if (t > 0) return output_gradient_.data() + hidden_at(t - 1);
    return first_gradient_.empty() ? nullptr : first_gradient_.data();
  }
  // Where the chain of dh at t is finished, and where that at t - 1 goes on: where the cell
  // projects, each stays in its own step, as the projection's weights see it again.
  Real* hidden_gradient(int t) {
    return projection_ ? output_gradient_.data() + hidden_at(t) : hidden_gradient_.data();
  }
  Real* next_hidden_gradient(int t) {
    return projection_ ? above_gradient(t) : hidden_gradient_.data();
  }
  // The cell state that step t makes.
  Real* made_cell(int t) {
    return apart_ ? made_cells_.data() + static_cast<std::size_t>(t) * made_step_
                  : cells_.data() + at(t + 1);
  }
  // Normalised vector `number` of unit panel j at time t.
  Real* vector(Buffer<Real>& values, int t, int j, int number) {
    return values.data() + static_cast<std::size_t>(t) * normal_step_ +
           units_.offset(j, number, cell_.normalized, lanes_);
  }
  // The resets of the step after t; null at the window's end.
  static const std::uint8_t* resets_after(const WindowView& window, int t) {
    return t + 1 < window.times ? window.resets + window.row(t + 1) : nullptr;
  }
  // Peepholes of unit panel j; null where there are none.
  const Real* peepholes(int j) const {
    return cell_.peepholes.empty() ? nullptr : parameters_ + last_.offset + last_.panel(j, 0);
  }
  // Of a recurrent matrix that loses weights, by gate and unit.
  int dropped_panels() const { return drops_ ? units_.count() * recurrent_weights_.groups : 0; }
  // One of them as a window sees it.
  void drop_weights(int job, std::int64_t window, const Real* from, Real* to) const;
  // The products of unit panel j with the input, but for their source and place.
  kernels::Product<Real> input_product(int j, int gate) const;
  // Whether the window's products with the input are there once a token.
  bool has_token_products() const { return token_products_ && token_products_->listed(); }
  // Whether the chain of a slot goes on from the input to the hidden state.
  bool goes_on(int slot) const {
    return std::find(cell_.recurrent_slots.begin(), cell_.recurrent_slots.end(), slot) !=
           cell_.recurrent_slots.end();
  }
  void forward_inputs(TimeRange times, LaneRange lanes);
  void forward_step(const WindowView& window, int t, LaneRange lanes);
  void forward_recurrent(int t, int j, LaneRange lanes);
  // After the cell's part of step t: makes of it what the step leaves, and the next enters with.
  void enter_next(const WindowView& window, int t, LaneRange lanes);
  // Before and after the cell's part of step t on the way back: takes out of its gradients, and
  // adds again, what goes past the cell, and what belongs to lanes that began at t.
  void divide_gradient(const WindowView& window, int t, LaneRange lanes);
  void join_gradient(const WindowView& window, int t, LaneRange lanes);
  // Then, after the recurrent product.
  void leave_step(const WindowView& window, int t, LaneRange lanes);
  // Whether the gradient at what step t enters with is asked for.
  bool goes_back(const WindowView& window, int t, LaneRange lanes) const;
  void add_kept(const Panels& panels, const WindowView& window, int t, LaneRange lanes,
                const Real* kept, Real* to) const;
  // What both directions of a cell are told: of unit panel j, and where the cell normalises, of
  // all.
  template <class Step>
  Step cell_step(const WindowView& window, int t, int j, LaneRange lanes);
  template <class Step>
  Step normalized_step(const WindowView& window, int t, LaneRange lanes);
  void forward_cell(const WindowView& window, int t, int j, LaneRange lanes);
  void forward_normalized(const WindowView& window, int t, LaneRange lanes);
  void backward_step(const WindowView& window, int t, LaneRange lanes);
  void backward_cell(const WindowView& window, int t, int j, LaneRange lanes);
  void backward_normalized(const WindowView& window, int t, LaneRange lanes);
  void backward_hidden(int t, LaneRange lanes);
  void backward_inputs(TimeRange times, LaneRange lanes, BackwardListener& listener);
  int diagonals() const {
    return cell_.normalized > 0 ? cell_.normalized : static_cast<int>(cell_.peepholes.size());
  }
  // Of the layer's last segment beside initial states.
  int last_jobs() const {
    if (projection_) return projection_->gradient_jobs();
    return diagonals() > 0 ? units_.count() : 0;
  }
  int gates_together() const;
  int jobs_of(const std::vector<int>& gates) const;  // for each unit panel
  void gates_gradient(int job, const Segment& weights, const std::vector<int>& gates,
                      const WeightInput<Real>& input, int times, const GradientSums<Real>& sums);
  void diagonal_gradient(int j, int number, const WindowView& window,
                         const GradientSums<Real>& sums);
  std::string state_name(const std::string& prefix, const char* what) const;

  const Cell<Real>& cell_;
  const Segment &input_weights_, &recurrent_weights_, &bias_, &last_;
  std::size_t end_;  // of the parameters
  int layer_;
  const Real* parameters_;
  Activations<Real> below_, below_gradient_;
  kernels::Start input_gradient_start_;
  Panels units_, outputs_;
  int lanes_;
  std::size_t step_, output_step_;         // elements of one time step of cell and hidden state
  std::size_t gates_step_;                 // of gates
  std::size_t normal_step_, scales_step_;  // of what a cell normalises; 0 where one step is kept
  // Chains of the products: over the input, over the hidden state, and backward over the gates.
  std::vector<kernels::Stretch> input_chain_, recurrent_chain_, input_gates_chain_,
      recurrent_gates_chain_;
  kernels::Start chain_start_;    // of gates
  std::vector<int> input_gates_;  // [slot]: its number among the input's; -1: not one of them
  WeightDropout<Real> weight_dropout_;
  bool drops_;            // recurrent weights
  Buffer<Real> dropped_;  // the recurrent matrix, where it loses weights
  PackedWeights<Real> packed_inputs_, packed_recurrent_;
  std::optional<TokenProducts<Real>> token_products_;  // of an input that is an embedding
  std::optional<Projection<Real>> projection_;         // of a cell that projects
  Zoneout<Real> zoneout_hidden_, zoneout_cell_;
  InitialState<Real> initial_hidden_, initial_cell_;
  std::vector<std::uint8_t> no_resets_;  // [lane]
  bool apart_;             // the cell state that a step makes lies apart from what the next reads
  std::size_t made_step_;  // elements of one time step of it; 0 where one step is kept

  int carried_lanes_;
  Buffer<Real> carried_hidden_, carried_cell_;  // of all the rank's lanes, between windows

  Buffer<Real> gates_;                        // [t]
  Buffer<Real> normal_, activated_, scales_;  // [t]; one step where nothing is differentiated
  Buffer<Real> hidden_;                       // [t]: h_t
  Buffer<Real> state_;            // [t + 1]: the hidden state that enters step t, resets applied
  Buffer<Real> cells_;            // [t + 1]: c_{t-1}, as carried; apart: resets applied
  Buffer<Real> made_cells_;       // [t]: c as the cell makes it, where that is apart
  Buffer<Real> output_gradient_;  // [t]
  // One step: the chains of dh (of a cell that projects, the gradient at what it projects), and dc.
  Buffer<Real> hidden_gradient_, cell_gradient_;
  Buffer<Real> saved_rows_;      // one step: where dh starts, for reset lanes
  Buffer<Real> first_gradient_;  // one step: where it starts before t = 0, if that is asked for
};

}  // namespace rondo
