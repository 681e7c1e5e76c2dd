#include "model/decoder/bridge.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {
namespace {

// A span on the target's axis whose sequence begins with it.
bool begins(const Span& target) { return target.step == 0; }

}  // namespace

template <class Real>
Bridge<Real>::Bridge(const ParameterLayout& layout, const LinearSegments& segments,
                     const Real* parameters, int source_axis, int reversed, Activations<Real> below,
                     Activations<Real> below_gradient, bool goes_on, const PassShape& pass,
                     Allocations& memory)
    : first_reversed_(below.panels.units - reversed),
      lanes_(pass.lanes),
      goes_on_(goes_on),
      below_(below),
      below_gradient_(below_gradient),
      sources_(source_axis, pass, memory) {
  const int inputs = below.panels.units, units = layout[segments.weights].units;
  ends_ = {inputs, pass, memory};
  made_ = {units, pass, memory};
  output_ = {units, pass, memory};
  if (pass.training) {
    ends_gradient_ = {inputs, pass, memory};
    made_gradient_ = {units, pass, memory};
    gradient_ = {units, pass, memory};
  }
  matrix_.emplace(layout, segments, parameters,
                  LinearPlaces<Real>{.input = ends_.view(),
                                     .input_gradient = ends_gradient_.view(),
                                     .output = made_.view(),
                                     .output_gradient = made_gradient_.view()},
                  pass, memory);
  segments_ = SegmentJobs<Real>(matrix_->segment_gradients());
}

template <class Real>
template <class Body>
void Bridge<Real>::for_each_beginning(const WindowView& window, LaneRange lanes, Body body) const {
  int row = 0, before = -1;
  const WindowView own = window.of_lanes(lanes.begin, lanes.end);
  for (const Span& target : own.spans()) {
    if (!begins(target)) continue;
    const int lane = target.lane - window.rank_lane;
    row = lane == before ? row + 1 : 0;
    before = lane;
    const SourceSpan& source = sources_.at(target.first, lane);
    if (source.length > 0) body(row, target.first, source, lane);
  }
}

template <class Real>
template <class Body>
void Bridge<Real>::for_each_end(const SourceSpan& source, int lane, Body body) const {
  for (int unit = 0; unit < below_.panels.units; ++unit) {
    const int t = unit < first_reversed_ ? source.last() : source.first;
    body(t, below_.panels.index(source.lane, unit, lanes_),
         below_.panels.index(lane, unit, lanes_));
  }
}

template <class Real>
void Bridge<Real>::begin_window(const WindowView& window) {
  sources_.find(window);
  rows_ = 1;
  nothing_begins_ = true;
  for_each_beginning(window, {0, window.lanes}, [&](int row, int, const SourceSpan&, int) {
    nothing_begins_ = false;
    rows_ = std::max(rows_, row + 1);
  });
}

template <class Real>
void Bridge<Real>::forward(const WindowView& window, LaneRange lanes) {
  const Activations<Real> ends = ends_.view(), made = made_.view(), out = output_.view();
  // As at all steps of a text but its first, said step by step.
  if (nothing_begins_ && gradient_.view().data == nullptr) {
    clear_rows(out, window.times, lanes_, lanes);
    return;
  }
  clear_rows(ends, rows_, lanes_, lanes);
  for_each_beginning(window, lanes, [&](int row, int, const SourceSpan& source, int lane) {
    for_each_end(source, lane, [&](int t, std::size_t from, std::size_t to) {
      ends.at(row)[to] = below_.at(t)[from];
    });
  });
  matrix_->forward({0, rows_}, lanes);
  for (int row = 0; row < rows_; ++row) {
    for_each_panel(made.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
      const std::span<Real> values(made.at(row) + at, count);
      kernels::tanh<Real>(values, values);
      kernels::flush_small(values);
    });
  }
  clear_rows(out, window.times, lanes_, lanes);
  for_each_beginning(window, lanes, [&](int row, int first, const SourceSpan&, int lane) {
    for_each_row(made.panels, lanes_, {lane, lane + 1},
                 [&](int, int, std::size_t at, std::size_t width) {
                   std::copy_n(made.at(row) + at, width, out.at(first) + at);
                 });
  });
}

template <class Real>
void Bridge<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  const Activations<Real> made = made_.view(), gradient = made_gradient_.view();
  const Activations<Real> ends_gradient = ends_gradient_.view();
  clear_rows(gradient, rows_, lanes_, lanes);
  for_each_beginning(window, lanes, [&](int row, int first, const SourceSpan&, int lane) {
    for_each_row(made.panels, lanes_, {lane, lane + 1},
                 [&](int, int, std::size_t at, std::size_t width) {
                   const Real* const from = gradient_.view().at(first) + at;
                   const Real* const values = made.at(row) + at;
                   for (std::size_t u = 0; u < width; ++u) {
                     gradient.at(row)[at + u] = flushed(from[u] * (1 - values[u] * values[u]));
                   }
                 });
  });
  matrix_->backward({0, rows_}, lanes);
  if (!goes_on_) {
    clear_rows(below_gradient_, window.on(sources_.axis()).times, lanes_, lanes);
  }
  for_each_beginning(window, lanes, [&](int row, int, const SourceSpan& source, int lane) {
    for_each_end(source, lane, [&](int t, std::size_t to, std::size_t from) {
      Real& value = below_gradient_.at(t)[to];
      value = flushed(value + ends_gradient.at(row)[from]);
    });
  });
}

template class Bridge<float>;
template class Bridge<double>;

}  // namespace rondo
