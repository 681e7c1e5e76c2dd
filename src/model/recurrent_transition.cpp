// What comes between the state that a step's cell makes and the one that the next step enters with:
// zoneout, and the states that lanes begin with.
//
// Backward, at step t: the chain of dh at t - 1 starts from the gradient from above, then what
// zoneout keeps, then the cell's elementwise term. A lane that begins at t has a chain from +0 in
// its place, whose end belongs to its initial state, and at t - 1 the gradient from above alone.
#include <algorithm>

#include "model/lane_rows.hpp"
#include "model/recurrent_layer.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
void RecurrentLayer<Real>::enter_next(const WindowView& window, int t, LaneRange lanes) {
  const auto copy = [&](const Panels& panels, const Real* from, Real* to) {
    for_each_row(panels, lanes_, lanes, [&](int, int, std::size_t at, std::size_t width) {
      std::copy_n(from + at, width, to + at);
    });
  };
  const std::uint8_t* resets = resets_after(window, t);
  Real* const next = state_.data() + hidden_at(t + 1);
  if (zoneout_hidden_.on()) {
    Real* const hidden = hidden_.data() + hidden_at(t);
    zoneout_hidden_.forward(window, t, lanes, state_.data() + hidden_at(t), hidden);
    copy(outputs_, hidden, next);
  }
  if (resets != nullptr && (zoneout_hidden_.on() || initial_hidden_.trained())) {
    initial_hidden_.set(resets, lanes, next);
  }
  if (apart_) {
    Real* const next_cell = cells_.data() + at(t + 1);
    copy(units_, made_cell(t), next_cell);
    if (zoneout_cell_.on()) {
      zoneout_cell_.forward(window, t, lanes, cells_.data() + at(t), next_cell);
    }
    if (resets != nullptr) initial_cell_.set(resets, lanes, next_cell);
  }
}

template <class Real>
void RecurrentLayer<Real>::divide_gradient(const WindowView& window, int t, LaneRange lanes) {
  const std::uint8_t* resets = window.resets + window.row(t);
  Real* const above = above_gradient(t);
  const bool trained = initial_hidden_.trained();
  if (t > 0) {
    for_each_row(outputs_, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
      if (resets[lane] == 0) return;
      std::transform(above + at, above + at + width, saved_rows_.data() + at, flushed<Real>);
      if (trained) std::fill_n(above + at, width, Real{0});
    });
  } else if (trained) {
    for_each_row(outputs_, lanes_, lanes, [&](int, int, std::size_t at, std::size_t width) {
      std::fill_n(above + at, width, Real{0});
    });
  }
  if (zoneout_hidden_.on()) {
    zoneout_hidden_.backward(t, lanes, hidden_gradient(t));
    if (above != nullptr) add_kept(outputs_, window, t, lanes, zoneout_hidden_.kept(), above);
  }
  if (zoneout_cell_.on()) zoneout_cell_.backward(t, lanes, cell_gradient_.data());
}

template <class Real>
void RecurrentLayer<Real>::join_gradient(const WindowView& window, int t, LaneRange lanes) {
  if (zoneout_cell_.on()) {
    add_kept(units_, window, t, lanes, zoneout_cell_.kept(), cell_gradient_.data());
  }
  if (initial_cell_.trained()) {
    initial_cell_.take_gradient(t, window.resets + window.row(t), lanes, cell_gradient_.data());
  }
}

template <class Real>
bool RecurrentLayer<Real>::goes_back(const WindowView& window, int t, LaneRange lanes) const {
  if (t > 0 || !initial_hidden_.trained()) return t > 0;
  const std::uint8_t* resets = window.resets + window.row(t);
  return std::any_of(resets + lanes.begin, resets + lanes.end, [](auto bit) { return bit != 0; });
}

template <class Real>
void RecurrentLayer<Real>::leave_step(const WindowView& window, int t, LaneRange lanes) {
  const std::uint8_t* resets = window.resets + window.row(t);
  Real* const gradient = next_hidden_gradient(t);
  if (initial_hidden_.trained()) initial_hidden_.take_gradient(t, resets, lanes, gradient);
  if (t == 0) return;
  for_each_row(outputs_, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
    if (resets[lane] != 0) std::copy_n(saved_rows_.data() + at, width, gradient + at);
  });
}

template <class Real>
void RecurrentLayer<Real>::add_kept(const Panels& panels, const WindowView& window, int t,
                                    LaneRange lanes, const Real* kept, Real* to) const {
  const std::uint8_t* resets = cell_resets(window, t);
  for_each_row(panels, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
    if (resets[lane] != 0) return;
    for (std::size_t i = at; i < at + width; ++i) to[i] = flushed(to[i] + kept[i]);
  });
}

template void RecurrentLayer<float>::enter_next(const WindowView&, int, LaneRange);
template void RecurrentLayer<double>::enter_next(const WindowView&, int, LaneRange);
template void RecurrentLayer<float>::divide_gradient(const WindowView&, int, LaneRange);
template void RecurrentLayer<double>::divide_gradient(const WindowView&, int, LaneRange);
template void RecurrentLayer<float>::join_gradient(const WindowView&, int, LaneRange);
template void RecurrentLayer<float>::leave_step(const WindowView&, int, LaneRange);
template bool RecurrentLayer<float>::goes_back(const WindowView&, int, LaneRange) const;
template void RecurrentLayer<double>::join_gradient(const WindowView&, int, LaneRange);
template void RecurrentLayer<double>::leave_step(const WindowView&, int, LaneRange);
template bool RecurrentLayer<double>::goes_back(const WindowView&, int, LaneRange) const;

}  // namespace rondo
