#include "model/recurrent/recurrent_layer.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

template <class Real>
RecurrentLayer<Real>::RecurrentLayer(const ParameterLayout& layout,
                                     const RecurrentSegments& segments, const Cell<Real>& cell,
                                     const LayerName& layer, const Real* parameters,
                                     Activations<Real> below, Activations<Real> below_gradient,
                                     const PassShape& pass, Allocations& memory,
                                     const RecurrentOptions& options,
                                     const DistinctRows<Real>* tokens,
                                     const GivenStates<Real>& given)
    : shape_(cell, {layout[segments.recurrent_weights].units},
             {layout[segments.recurrent_weights].columns}, pass.lanes),
      layer_(layer),
      steps_(shape_, options, pass, memory),
      inputs_(shape_, layout[segments.input_weights], layout[segments.bias], parameters, below,
              below_gradient,
              options.resumes_input_gradient ? kernels::Start::resume : kernels::Start::zero,
              tokens, pass, memory),
      step_(layout, segments, parameters, shape_, options, steps_, pass, memory, given),
      inputs_gradient_(layout[segments.input_weights], cell.input_slots, inputs_.source(),
                       steps_.gates()),
      segments_({&inputs_gradient_}) {
  if (options.carries && !options.reversed) carried_.emplace(shape_, layer, pass, memory);
  segments_.add(step_.segment_gradients());
}

template <class Real>
int RecurrentLayer<Real>::prepare_jobs(int round) const {
  return step_.prepare_jobs(round) + (round == 1 ? inputs_.token_jobs() : 0);
}

template <class Real>
void RecurrentLayer<Real>::prepare_job(int round, int job, const WindowView& window) {
  const int of_step = step_.prepare_jobs(round);
  job < of_step ? step_.prepare_job(round, job, window) : inputs_.token_job(job - of_step);
}

template <class Real>
void RecurrentLayer<Real>::begin_window(const WindowView& window) {
  steps_.begin(window);
  if (!carried_) return;  // all lanes begin
  const int first = steps_.order().step(0);
  carried_->fetch(window, steps_.entered_state(first), steps_.entered_cell(first));
}

template <class Real>
void RecurrentLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  const TimeOrder& order = steps_.order();
  const int together = steps_together(lanes);
  begin_lanes(lanes);
  for (int begin = 0; begin < window.times; begin += together) {
    const int end = std::min(begin + together, window.times);
    forward_inputs(order.range(begin, end), lanes);
    for (int number = begin; number < end; ++number) {
      forward_step(window, order.step(number), lanes);
    }
  }
}

// Later resets are applied as each step writes the state that the next one reads.
template <class Real>
void RecurrentLayer<Real>::begin_lanes(LaneRange lanes) {
  const int first = steps_.order().step(0);
  step_.transition().begin(first, steps_.resets().at(first), lanes, steps_.entered_state(first),
                           steps_.entered_cell(first));
}

template <class Real>
void RecurrentLayer<Real>::forward_step(const WindowView& window, int t, LaneRange lanes,
                                        bool whole) {
  StepView<Real> step = steps_.step(window, t, lanes);
  if (!whole) step.tokens = inputs_.tokens();
  step_.forward(step);
}

template <class Real>
void RecurrentLayer<Real>::begin_chains(const WindowView& window, LaneRange lanes) {
  const Activations<Real> above = output_gradient();
  for_each_row(above.panels, shape_.lanes, lanes, [&](int, int, std::size_t at, std::size_t width) {
    std::fill_n(above.at(window.times - 1) + at, width, Real{0});
  });
  steps_.begin_gradients(window, lanes);
}

template <class Real>
void RecurrentLayer<Real>::add_to_chain(int t, LaneRange lanes, const Activations<Real>& from) {
  Real* const chain = steps_.gradients(t).hidden;
  for_each_panel(shape_.outputs, shape_.lanes, lanes, [&](std::size_t at, std::size_t count) {
    const std::span<Real> rows(chain + at, count);
    kernels::add<Real>(rows, {from.at(t) + at, count});
    kernels::flush_small(rows);
  });
}

template <class Real>
void RecurrentLayer<Real>::backward_gates(const WindowView& window, int t, LaneRange lanes) {
  const StepView<Real> step = steps_.step(window, t, lanes);
  const StepGradients<Real> gradients = steps_.gradients(t);
  if (!step.first) {
    for_each_panel(shape_.outputs, shape_.lanes, lanes, [&](std::size_t at, std::size_t count) {
      std::fill_n(gradients.above + at, count, Real{0});
    });
  }
  step_.backward_gates(step, gradients);
}

template <class Real>
void RecurrentLayer<Real>::backward_state(const WindowView& window, int t, LaneRange lanes) {
  step_.backward_state(steps_.step(window, t, lanes), steps_.gradients(t));
}

template <class Real>
void RecurrentLayer<Real>::keep_state(int piece, const WindowView& window) {
  if (carried_) carried_->keep_piece(piece, window);
}

template <class Real>
void RecurrentLayer<Real>::return_state(int piece, const WindowView& window) {
  if (carried_) carried_->return_piece(piece, window);
}

template <class Real>
void RecurrentLayer<Real>::begin_part(int, const WindowView& window, const GradientSums<Real>&) {
  steps_.begin_way_back(window);
}

template <class Real>
void RecurrentLayer<Real>::step_back(const WindowView& window, int t, LaneRange lanes) {
  const StepView<Real> step = steps_.step(window, t, lanes);
  const StepGradients<Real> gradients = steps_.gradients(t);
  step_.backward_gates(step, gradients);
  step_.backward_state(step, gradients);
}

// Of a window in pieces, the chain of dh before a piece begins with the gradient from above at its
// step, which is there when that piece is at work: so the first step of a piece is gone through
// twice, for its own gradients and, behind the piece before, for what goes on from it.
template <class Real>
void RecurrentLayer<Real>::backward(const WindowView& window, LaneRange lanes,
                                    BackwardListener& listener) {
  const TimeOrder& order = steps_.order();
  const int together = steps_together(lanes);
  steps_.begin_gradients(window, lanes);
  if (window.goes_on_behind()) step_back(window, window.times, lanes);
  for (int end = window.times; end > 0; end -= together) {
    const int begin = std::max(0, end - together);
    for (int number = end - 1; number >= begin; --number) {
      if (number == 0 && window.goes_on_before()) steps_.keep_gradients(lanes);
      if (watcher_ != nullptr) tell(window, order.step(number), lanes);
      step_back(window, order.step(number), lanes);
      listener.pause();
    }
    inputs_.backward(order.range(begin, end), lanes, steps_.gates(), listener);
  }
}

template <class Real>
void RecurrentLayer<Real>::watch(GradientWatcher& watcher, int axis) {
  watched_ = watcher.meet({layer_.stack, layer_.number, steps_.order().reversed, axis});
  watcher_ = &watcher;
}

template <class Real>
void RecurrentLayer<Real>::tell(const WindowView& window, int t, LaneRange lanes) {
  const StepGradients<Real> gradients = steps_.gradients(t);
  const auto add = [&](const Panels& panels, const Real* from) {
    for_each_row(
        panels, shape_.lanes, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
          double squares = 0;
          for (std::size_t i = at; i < at + width; ++i) {
            const auto value = static_cast<double>(from[i]);
            squares += value * value;
          }
          watcher_->arrive(watched_, window.first_time + t, window.rank_lane + lane, squares);
        });
  };
  add(shape_.outputs, gradients.hidden);
  if (gradients.cell != nullptr) add(shape_.units, gradients.cell);
}

template <class Real>
void RecurrentLayer<Real>::finish_job(int job, std::int64_t window, Real* gradient) const {
  step_.weight_dropout().mask(job, window, gradient);
}

template <class Real>
int RecurrentLayer<Real>::pack_jobs() const {
  return inputs_.packed().pack_jobs() + step_.pack_jobs();
}

template <class Real>
void RecurrentLayer<Real>::pack_job(int job) {
  const int of_inputs = inputs_.packed().pack_jobs();
  job < of_inputs ? inputs_.packed().pack_job(job) : step_.pack_job(job - of_inputs);
}

template <class Real>
void RecurrentLayer<Real>::carry(const WindowView& window) {
  if (!carried_) return;
  const int last = steps_.order().step(window.times - 1);
  carried_->keep(window, steps_.left_state(last), steps_.left_cell(last));
}

template <class Real>
void RecurrentLayer<Real>::clear_state() {
  if (carried_) carried_->clear();
}

template <class Real>
int RecurrentLayer<Real>::reset_non_finite() {
  if (!carried_) return 0;
  return carried_->reset_non_finite(step_.transition().initial_hidden(),
                                    step_.transition().initial_cell());
}

template <class Real>
void RecurrentLayer<Real>::save_state(const std::string& prefix, NamedState& state) const {
  if (carried_) carried_->save(prefix, state);
}

template <class Real>
void RecurrentLayer<Real>::load_state(const std::string& prefix, const NamedState& state,
                                      std::int64_t first_lane, std::int64_t all_lanes) {
  if (carried_) carried_->load(prefix, state, first_lane, all_lanes);
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace rondo
