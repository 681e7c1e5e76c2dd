#include "model/recurrent/window_steps.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"

namespace rondo {

template <class Real>
WindowSteps<Real>::WindowSteps(const LayerShape<Real>& shape, const RecurrentOptions& options,
                               const PassShape& pass, Allocations& memory)
    : shape_(shape), order_{0, options.reversed} {
  const auto values = [&](std::size_t size) {
    return memory.make<Real>(MemoryUse::activations, size);
  };
  const auto times = static_cast<std::size_t>(pass.times);
  const bool has_cell_state = shape.cell.has_cell_state;
  const bool apart = options.makes_cell_apart(shape.cell);
  const std::size_t gates_step =
      VectorSteps<Real>::distance(shape.units, shape.cell.slots, shape.lanes);
  gates_ = values(gates_step * times);
  hidden_ = values(shape.output_step * times);
  state_ = values(shape.output_step * (times + 1));
  if (has_cell_state) cells_ = values(shape.step * (times + 1));
  if (apart) made_cells_ = values(shape.step * (pass.training ? times : 1));
  if (options.reversed) {
    mirrored_resets_ = memory.make<std::uint8_t>(MemoryUse::activations,
                                                 times * static_cast<std::size_t>(shape.lanes));
  }
  gates_view_ = {gates_.data(), gates_step, shape.units, shape.cell.slots, shape.lanes};
  hidden_view_ = {hidden_.data(), shape.output_step, shape.outputs};
  entered_states_ = {place(state_, order_.entered(0), shape.output_step), shape.output_step,
                     shape.outputs};
  entered_cells_ = {place(cells_, order_.entered(0), shape.step), shape.step, shape.units};
  if (apart) {
    made_cells_view_ = {made_cells_.data(), pass.training ? shape.step : 0, shape.units};
  } else if (has_cell_state) {
    made_cells_view_ = {left_cell(0), shape.step, shape.units};
  }
  if (!pass.training) return;
  output_gradient_ = values(shape.output_step * times);
  output_gradient_view_ = {output_gradient_.data(), shape.output_step, shape.outputs};
  if (!options.begins_at_zero()) first_gradient_ = values(shape.output_step);
  if (!shape.cell.projects) hidden_gradient_ = values(shape.step);
  if (has_cell_state) cell_gradient_ = values(shape.step);
  if (pass.window == 0) return;
  kept_hidden_gradient_ = values(shape.output_step);
  if (has_cell_state) kept_cell_gradient_ = values(shape.step);
}

template <class Real>
void WindowSteps<Real>::begin(const WindowView& window) {
  order_.times = window.times;
  resets_ = {window.resets + window.row(0), static_cast<std::size_t>(window.stride)};
  if (order_.reversed) mirror_resets(window);
}

// Where a state before a step is a fresh one, so is, for who comes from there, the one behind the
// step before it; and nothing comes from behind the window.
template <class Real>
void WindowSteps<Real>::mirror_resets(const WindowView& window) {
  const auto lanes = static_cast<std::size_t>(window.lanes);
  const auto stride = static_cast<std::size_t>(shape_.lanes);
  std::uint8_t* to = mirrored_resets_.data();
  for (int t = 1; t < window.times; ++t, to += stride) {
    std::copy_n(window.resets + window.row(t), lanes, to);
  }
  std::fill_n(to, lanes, std::uint8_t{1});
  resets_ = {mirrored_resets_.data(), stride};
}

template <class Real>
StepView<Real> WindowSteps<Real>::step(const WindowView& window, int t, LaneRange lanes) {
  StepView<Real> step;
  step.t = t;
  step.lanes = lanes;
  step.window = &window;
  step.next = order_.after(t);
  step.first = order_.is_first(t);
  step.resets = resets_.at(t);
  if (!order_.is_last(t)) step.resets_next = resets_.at(order_.after(t));
  step.gates = gates_view_.at(t);
  step.state = entered_state(t);
  step.cell = entered_cell(t);
  step.hidden = hidden_view_.at(t);
  step.made_cell = made_cells_view_.at(t);
  step.next_state = left_state(t);
  step.next_cell = left_cell(t);
  return step;
}

// A cell that projects finishes each chain in its own step, as the projection's weights see it
// again; the others finish them in one place.
template <class Real>
StepGradients<Real> WindowSteps<Real>::gradients(int t) {
  StepGradients<Real> gradients;
  if (!order_.is_first(t)) {
    gradients.above = output_gradient_view_.at(order_.before(t));
  } else if (!first_gradient_.empty()) {
    gradients.above = first_gradient_.data();
  }
  gradients.hidden = shape_.cell.projects ? output_gradient_view_.at(t) : hidden_gradient_.data();
  gradients.next_hidden = shape_.cell.projects ? gradients.above : hidden_gradient_.data();
  gradients.cell = shape_.cell.has_cell_state ? cell_gradient_.data() : nullptr;
  return gradients;
}

template <class Real>
void WindowSteps<Real>::begin_gradients(const WindowView& window, LaneRange lanes) {
  if (window.goes_on_behind()) {
    const StepGradients<Real> behind = gradients(window.times);
    copy_lanes(shape_.outputs, lanes, kept_hidden_gradient_.data(), behind.hidden);
    if (behind.cell != nullptr) {
      copy_lanes(shape_.units, lanes, kept_cell_gradient_.data(), behind.cell);
    }
    return;
  }
  const Real* const above = output_gradient_view_.at(order_.step(order_.times - 1));
  for (int j = 0; j < shape_.units.count(); ++j) {
    const auto width = static_cast<std::size_t>(shape_.units.width(j));
    const std::size_t first =
        shape_.units.offset(j, shape_.lanes) + static_cast<std::size_t>(lanes.begin) * width;
    const std::size_t count = static_cast<std::size_t>(lanes.end - lanes.begin) * width;
    if (!shape_.cell.projects) std::copy_n(above + first, count, hidden_gradient_.data() + first);
    if (shape_.cell.has_cell_state) std::fill_n(cell_gradient_.data() + first, count, Real{0});
  }
}

template <class Real>
void WindowSteps<Real>::keep_gradients(LaneRange lanes) {
  const StepGradients<Real> first = gradients(order_.step(0));
  copy_lanes(shape_.outputs, lanes, first.hidden, kept_hidden_gradient_.data());
  if (first.cell != nullptr) {
    copy_lanes(shape_.units, lanes, first.cell, kept_cell_gradient_.data());
  }
}

template <class Real>
void WindowSteps<Real>::copy_lanes(const Panels& panels, LaneRange lanes, const Real* from,
                                   Real* to) const {
  for_each_row(panels, shape_.lanes, lanes, [&](int, int, std::size_t at, std::size_t width) {
    std::copy_n(from + at, width, to + at);
  });
}

template class WindowSteps<float>;
template class WindowSteps<double>;

}  // namespace rondo
