#include "model/recurrent/pieces/transition.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
Transition<Real>::Transition(const LayerShape<Real>& shape, const RecurrentOptions& options,
                             const Segment* initial_hidden, const Segment* initial_cell,
                             const Real* parameters, const PassShape& pass, Allocations& memory,
                             const GivenStates<Real>& given)
    : shape_(shape),
      apart_(options.makes_cell_apart(shape.cell)),
      zoneout_hidden_(options.zoneout, options.identity, Purpose::kept_hidden, shape.outputs, pass,
                      memory),
      zoneout_cell_(shape.cell.has_cell_state ? options.zoneout_cell : 0, options.identity,
                    Purpose::kept_cell, shape.units, pass, memory),
      initial_hidden_(initial_hidden, parameters, shape.outputs, pass, memory, given.hidden),
      initial_cell_(initial_cell, parameters, shape.units, pass, memory, given.cell),
      no_resets_(static_cast<std::size_t>(shape.lanes)),
      saved_rows_(
          memory.make<Real>(MemoryUse::activations, pass.training ? shape.output_step : 0)) {}

template <class Real>
void Transition<Real>::begin(int t, const std::uint8_t* resets, LaneRange lanes, Real* state,
                             Real* cell) const {
  initial_hidden_.set(t, resets, lanes, state);
  if (apart_) initial_cell_.set(t, resets, lanes, cell);
}

template <class Real>
void Transition<Real>::forward(const StepView<Real>& step) {
  const auto copy = [&](const Panels& panels, const Real* from, Real* to) {
    for_each_row(panels, shape_.lanes, step.lanes,
                 [&](int, int, std::size_t at, std::size_t width) {
                   std::copy_n(from + at, width, to + at);
                 });
  };
  if (zoneout_hidden_.on()) {
    zoneout_hidden_.forward(*step.window, step.t, step.lanes, step.state, step.hidden);
    copy(shape_.outputs, step.hidden, step.next_state);
  }
  if (step.resets_next != nullptr && (zoneout_hidden_.on() || !initial_hidden_.is_zero())) {
    initial_hidden_.set(step.next, step.resets_next, step.lanes, step.next_state);
  }
  if (!apart_) return;
  copy(shape_.units, step.made_cell, step.next_cell);
  if (zoneout_cell_.on()) {
    zoneout_cell_.forward(*step.window, step.t, step.lanes, step.cell, step.next_cell);
  }
  if (step.resets_next != nullptr) {
    initial_cell_.set(step.next, step.resets_next, step.lanes, step.next_cell);
  }
}

template <class Real>
void Transition<Real>::divide(const StepView<Real>& step, const StepGradients<Real>& gradients) {
  Real* const above = gradients.above;
  const bool elsewhere = !initial_hidden_.is_zero();
  if (!step.first) {
    for_each_row(shape_.outputs, shape_.lanes, step.lanes,
                 [&](int, int lane, std::size_t at, std::size_t width) {
                   if (step.resets[lane] == 0) return;
                   std::transform(above + at, above + at + width, saved_rows_.data() + at,
                                  flushed<Real>);
                   if (elsewhere) std::fill_n(above + at, width, Real{0});
                 });
  } else if (elsewhere) {
    for_each_row(shape_.outputs, shape_.lanes, step.lanes,
                 [&](int, int, std::size_t at, std::size_t width) {
                   std::fill_n(above + at, width, Real{0});
                 });
  }
  if (zoneout_hidden_.on()) {
    zoneout_hidden_.backward(step.t, step.lanes, gradients.hidden);
    if (above != nullptr) add_kept(shape_.outputs, step, zoneout_hidden_.kept(), above);
  }
  if (zoneout_cell_.on()) zoneout_cell_.backward(step.t, step.lanes, gradients.cell);
}

template <class Real>
void Transition<Real>::join(const StepView<Real>& step, const StepGradients<Real>& gradients) {
  if (zoneout_cell_.on()) add_kept(shape_.units, step, zoneout_cell_.kept(), gradients.cell);
  if (!initial_cell_.is_zero()) {
    initial_cell_.take_gradient(step.t, step.resets, step.lanes, gradients.cell);
  }
}

template <class Real>
bool Transition<Real>::goes_back(const StepView<Real>& step) const {
  if (!step.first || initial_hidden_.is_zero()) return !step.first;
  return std::any_of(step.resets + step.lanes.begin, step.resets + step.lanes.end,
                     [](auto bit) { return bit != 0; });
}

template <class Real>
void Transition<Real>::leave(const StepView<Real>& step, const StepGradients<Real>& gradients) {
  Real* const next = gradients.next_hidden;
  if (!initial_hidden_.is_zero()) {
    initial_hidden_.take_gradient(step.t, step.resets, step.lanes, next);
  }
  if (step.first) return;
  for_each_row(shape_.outputs, shape_.lanes, step.lanes,
               [&](int, int lane, std::size_t at, std::size_t width) {
                 if (step.resets[lane] != 0) {
                   std::copy_n(saved_rows_.data() + at, width, next + at);
                 }
               });
}

template <class Real>
void Transition<Real>::add_kept(const Panels& panels, const StepView<Real>& step, const Real* kept,
                                Real* to) const {
  const std::uint8_t* resets = resets_of_cell(step);
  for_each_row(panels, shape_.lanes, step.lanes,
               [&](int, int lane, std::size_t at, std::size_t width) {
                 if (resets[lane] != 0) return;
                 for (std::size_t i = at; i < at + width; ++i) to[i] = flushed(to[i] + kept[i]);
               });
}

template class Transition<float>;
template class Transition<double>;

}  // namespace rondo
