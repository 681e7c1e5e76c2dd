// How an evaluator goes through a split: what its files share.
#pragma once

#include <algorithm>

#include "rondo/data/batcher.hpp"
#include "rondo/train/evaluator.hpp"

namespace rondo {

template <class Real>
template <class Body>
bool Evaluator<Real>::walk(const WindowSource& split, ThreadPool& pool, Pulse* pulse,
                           const LookUp& look_up, const Body& body) {
  const LaneLayout lanes = shape_.layout(plan_, world_.rank());
  Batcher batcher(split.reader(lanes), 0);
  network_.pack(pool);
  network_.clear_state();
  std::int64_t until_look = look_up ? 1 : 0;  // windows; 0: there is none to come
  for (std::int64_t w = split.windows_of(1, lanes); w > 0; --w) {
    const WindowView window(batcher.next(), lanes.first_lane);
    if (pulse != nullptr) pulse->beat();
    for (int first = 0; first < window.lanes; first += pass_.lanes) {
      const WindowView part = window.of_lanes(first, std::min(first + pass_.lanes, window.lanes));
      network_.forward(part, pool);
      body(part, static_cast<std::size_t>(first / shape_.block));
      network_.carry(part);
    }
    if (until_look > 0 && --until_look == 0) {
      until_look = look_up();
      if (until_look == 0) return false;
    }
  }
  if (pulse != nullptr) pulse->enter(Activity::joining);
  return true;
}

}  // namespace rondo
