// Rows of a step that lanes carry between windows, for all lanes of the rank.
#pragma once

#include <algorithm>
#include <span>

#include "model/allocations.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class CarriedRows {
 public:
  CarriedRows(const Panels& units, const PassShape& pass, Allocations& memory)
      : units_(units),
        lanes_(pass.lanes),
        all_(pass.lanes_of_rank()),
        rows_(memory.make<Real>(MemoryUse::carried, units.step_size(all_))) {}

  // A window's lanes take their rows from here, and leave them here: `step` is one of the lanes
  // side by side.
  void fetch(const WindowView& window, Real* step) const {
    for (int lane = 0; lane < window.lanes; ++lane) {
      copy(rows_.data(), window.rank_lane + lane, all_, step, lane, lanes_);
    }
  }
  void keep(const WindowView& window, const Real* step) {
    for (int lane = 0; lane < window.lanes; ++lane) {
      copy(step, lane, lanes_, rows_.data(), window.rank_lane + lane, all_);
    }
  }
  // Lane l has what lane from[l] had.
  void reorder(std::span<const int> from) {
    const Buffer<Real> before = rows_;
    for (int lane = 0; lane < all_; ++lane) {
      copy(before.data(), from[static_cast<std::size_t>(lane)], all_, rows_.data(), lane, all_);
    }
  }
  void clear() { std::fill(rows_.begin(), rows_.end(), Real{0}); }

 private:
  void copy(const Real* from, int from_lane, int from_lanes, Real* to, int to_lane,
            int to_lanes) const {
    for (int p = 0; p < units_.count(); ++p) {
      std::copy_n(from + units_.index(from_lane, p * Panels::full, from_lanes),
                  static_cast<std::size_t>(units_.width(p)),
                  to + units_.index(to_lane, p * Panels::full, to_lanes));
    }
  }

  Panels units_;
  int lanes_, all_;
  Buffer<Real> rows_;
};

}  // namespace rondo
