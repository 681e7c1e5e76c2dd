#include "model/joined_steps.hpp"

#include "model/lane_rows.hpp"
#include "model/unit_runs.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
JoinedSteps<Real>::JoinedSteps(int axis, int factor, Activations<Real> below,
                               Activations<Real> below_gradient, bool goes_on,
                               const PassShape& shape, Allocations& memory)
    : axis_(axis),
      factor_(factor),
      lanes_(shape.lanes),
      goes_on_(goes_on),
      below_(below),
      below_gradient_(below_gradient),
      output_(below.panels.units * factor, shape, memory) {
  if (shape.training) gradient_ = {below.panels.units * factor, shape, memory};
}

template <class Real>
template <class Body>
void JoinedSteps<Real>::for_each_unit(const WindowView& window, LaneRange lanes, Body body) {
  const Panels& part = below_.panels;
  const Panels whole = output().panels;
  const WindowView own = window.on(axis_).of_lanes(lanes.begin, lanes.end);
  for (const Span& span : own.spans()) {
    const int lane = span.lane - window.rank_lane;
    for (int t = span.first; t <= span.last(); ++t) {
      for_each_run(part, whole, t % factor_ * part.units, lanes_, {lane, lane + 1},
                   [&](std::size_t from, std::size_t to, std::size_t count) {
                     body(t, from, t / factor_, to, count);
                   });
    }
  }
}

template <class Real>
void JoinedSteps<Real>::forward(const WindowView& window, LaneRange lanes) {
  const Activations<Real> joined = output();
  clear_rows(joined, window.times, lanes_, lanes);
  for_each_unit(window, lanes,
                [&](int t, std::size_t from, int step, std::size_t to, std::size_t count) {
                  std::copy_n(below_.at(t) + from, count, joined.at(step) + to);
                });
}

template <class Real>
void JoinedSteps<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  const Activations<Real> joined = output_gradient();
  if (!goes_on_) clear_rows(below_gradient_, window.on(axis_).times, lanes_, lanes);
  for_each_unit(window, lanes,
                [&](int t, std::size_t from, int step, std::size_t to, std::size_t count) {
                  Real* const gradient = below_gradient_.at(t) + from;
                  const Real* const own = joined.at(step) + to;
                  for (std::size_t i = 0; i < count; ++i) {
                    gradient[i] = flushed(gradient[i] + own[i]);
                  }
                });
}

template class JoinedSteps<float>;
template class JoinedSteps<double>;

}  // namespace rondo
