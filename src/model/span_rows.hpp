// The rows of what spans have in a step.
#pragma once

#include <cstddef>

#include "model/lane_rows.hpp"

namespace rondo {

// Calls body(span, unit, at, width) for the rows that the spans of some lanes have in each panel:
// `width` units, from `unit` on.
template <class Body>
void for_each_span_row(const WindowView& window, LaneRange lanes, const Panels& panels,
                       int all_lanes, Body body) {
  const WindowView own = window.of_lanes(lanes.begin, lanes.end);
  for (const Span& span : own.spans()) {
    const int lane = span.lane - window.rank_lane;
    for_each_row(panels, all_lanes, {lane, lane + 1},
                 [&](int panel, int, std::size_t at, std::size_t width) {
                   body(span, panel * Panels::full, at, width);
                 });
  }
}

}  // namespace rondo
