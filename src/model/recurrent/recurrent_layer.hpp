// One recurrent layer over a window: input products for a few steps at once, then step by step the
// engine (recurrent_step.hpp); backward likewise in reverse.
//
// Truncated back-propagation through time: the hidden (and cell) state is carried from window to
// window, gradients are not. A reversed layer goes from a window's last step to its first, which is
// the whole of its way: it carries nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/recurrent/carried_state.hpp"
#include "model/recurrent/input_products.hpp"
#include "model/recurrent/recurrent_step.hpp"
#include "model/recurrent/window_steps.hpp"
#include "model/segment_jobs.hpp"

namespace rondo {

template <class Real>
class RecurrentLayer final : public Stage<Real> {
 public:
  // `below` is the input of this layer and `below_gradient` where its gradient goes. `tokens`: the
  // different tokens of each window, if the input is an embedding that lists them. `given`: where
  // lanes begin, of a layer whose options say so.
  RecurrentLayer(const ParameterLayout& layout, const RecurrentSegments& segments,
                 const Cell<Real>& cell, const LayerName& layer, const Real* parameters,
                 Activations<Real> below, Activations<Real> below_gradient, const PassShape& pass,
                 Allocations& memory, const RecurrentOptions& options = {},
                 const DistinctRows<Real>* tokens = nullptr, const GivenStates<Real>& given = {});

  // To be driven over the steps of a window by a decoder, between begin_window() and gradient jobs,
  // in the stead of forward() and backward(). Lanes begin at the first step; the products of some
  // steps' inputs; a step.
  void begin_lanes(LaneRange lanes);
  void forward_inputs(TimeRange times, LaneRange lanes) const {
    inputs_.forward(times, lanes, steps_.gates());
  }
  // `whole`: the chains over all inputs are in the gates; else of tokens they are where they were
  // made once.
  void forward_step(const WindowView& window, int t, LaneRange lanes, bool whole = false);
  const TokenProducts<Real>* tokens() const { return inputs_.tokens(); }
  // On the way back: chains begin at the last step; that of dh at t starts from +0, and goes on
  // over step t + 1, then by what is added; to the gates of a step, of which its inputs' gradients
  // can be made; to the state that it enters with.
  void begin_chains(const WindowView& window, LaneRange lanes);
  void add_to_chain(int t, LaneRange lanes, const Activations<Real>& from);
  void backward_gates(const WindowView& window, int t, LaneRange lanes);
  void backward_state(const WindowView& window, int t, LaneRange lanes);
  void backward_inputs(TimeRange times, LaneRange lanes, BackwardListener& listener) const {
    inputs_.backward(times, lanes, steps_.gates(), listener);
  }
  const LayerShape<Real>& shape() const { return shape_; }
  VectorSteps<Real> gates() const { return steps_.gates(); }
  const ResetBits& resets() const { return steps_.resets(); }

  Activations<Real> output() const { return steps_.output(); }
  Activations<Real> output_gradient() const { return steps_.output_gradient(); }

  std::pair<std::size_t, std::size_t> segment_range() const override { return segments_.range(); }
  // Draws and packs a recurrent matrix that loses weights; makes products of tokens in the second
  // round.
  int prepare_jobs(int round) const override;
  void prepare_job(int round, int job, const WindowView& window) override;
  void begin_window(const WindowView& window) override;
  void forward(const WindowView& window, LaneRange lanes) override;
  void keep_state(int piece, const WindowView& window) override;
  void return_state(int piece, const WindowView& window) override;
  void begin_part(int part, const WindowView& window, const GradientSums<Real>& sums) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  void watch(GradientWatcher& watcher, int axis) override;
  int gradient_jobs() const override { return segments_.count(); }
  void gradient_job(int job, const WindowView&, const GradientSums<Real>& sums) override {
    segments_.run(job, steps_.order(), sums);
  }
  std::size_t final_after(int jobs) const override { return segments_.final_after(jobs); }
  int finish_jobs() const override { return step_.weight_dropout().jobs(); }
  void finish_job(int job, std::int64_t window, Real* gradient) const override;
  int pack_jobs() const override;
  void pack_job(int job) override;
  void carry(const WindowView& window) override;
  void reorder(std::span<const int> from) override {
    if (carried_) carried_->reorder(from);
  }
  void clear_state() override;
  int reset_non_finite() override;
  void save_state(const std::string& prefix, NamedState& state) const override;
  void load_state(const std::string& prefix, const NamedState& state, std::int64_t first_lane,
                  std::int64_t all_lanes) override;

 private:
  // From dh and dc of step t to those of the one before it.
  void step_back(const WindowView& window, int t, LaneRange lanes);
  // Tells the watcher of dh and dc of step t.
  void tell(const WindowView& window, int t, LaneRange lanes);

  LayerShape<Real> shape_;
  LayerName layer_;
  WindowSteps<Real> steps_;
  InputProducts<Real> inputs_;
  RecurrentStep<Real> step_;
  std::optional<CarriedState<Real>> carried_;
  GatesGradient<Real> inputs_gradient_;
  SegmentJobs<Real> segments_;
  GradientWatcher* watcher_ = nullptr;
  int watched_ = 0;  // its number there
};

}  // namespace rondo
