// The rows of a step: what a lane has in a panel of units.
#pragma once

#include <algorithm>
#include <cstddef>

#include "rondo/core/panels.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Calls body(panel, lane, at, width) for the rows of a range of lanes: `width` values from `at` on,
// in a step of `all_lanes` lanes.
template <class Body>
void for_each_row(const Panels& units, int all_lanes, LaneRange lanes, Body body) {
  for (int p = 0; p < units.count(); ++p) {
    const auto width = static_cast<std::size_t>(units.width(p));
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      body(p, lane, units.offset(p, all_lanes) + static_cast<std::size_t>(lane) * width, width);
    }
  }
}

// Calls body(at, count) for the values of a range of lanes, panel by panel of a step.
template <class Body>
void for_each_panel(const Panels& panels, int all_lanes, LaneRange lanes, Body body) {
  for (int p = 0; p < panels.count(); ++p) {
    const auto width = static_cast<std::size_t>(panels.width(p));
    body(panels.offset(p, all_lanes) + static_cast<std::size_t>(lanes.begin) * width,
         static_cast<std::size_t>(lanes.end - lanes.begin) * width);
  }
}

// Sets the rows of a range of lanes to +0, at steps 0 .. times - 1.
template <class Real>
void clear_rows(const Activations<Real>& values, int times, int all_lanes, LaneRange lanes) {
  for (int t = 0; t < times; ++t) {
    for_each_row(values.panels, all_lanes, lanes, [&](int, int, std::size_t at, std::size_t width) {
      std::fill_n(values.at(t) + at, width, Real{0});
    });
  }
}

}  // namespace rondo
