// Where units of one activation lie among those of another.
#pragma once

#include <algorithm>
#include <cstddef>

#include "rondo/core/panels.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Calls body(from, to, count) for positions of as many neighbouring units, in a step of `part` and
// in a step of `whole`, of which they are those from `first` on.
template <class Body>
void for_each_run(const Panels& part, const Panels& whole, int first, int all_lanes,
                  LaneRange lanes, Body body) {
  const auto left = [](int unit) { return Panels::full - unit % Panels::full; };  // in its panel
  for (int unit = 0, count = 0; unit < part.units; unit += count) {
    count = std::min({part.units - unit, left(unit), left(first + unit)});
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      body(part.index(lane, unit, all_lanes), whole.index(lane, first + unit, all_lanes),
           static_cast<std::size_t>(count));
    }
  }
}

}  // namespace rondo
