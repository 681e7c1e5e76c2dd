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
    copy(window.lanes, rows_.data(), window.rank_lane, all_, step, 0, lanes_);
  }
  void keep(const WindowView& window, const Real* step) {
    copy(window.lanes, step, 0, lanes_, rows_.data(), window.rank_lane, all_);
  }
  // Lane l has what lane from[l] had.
  void reorder(std::span<const int> from) {
    const Buffer<Real> before = rows_;
    for (int lane = 0; lane < all_; ++lane) {
      copy(1, before.data(), from[static_cast<std::size_t>(lane)], all_, rows_.data(), lane, all_);
    }
  }
  void clear() { std::fill(rows_.begin(), rows_.end(), Real{0}); }

  const Panels& units() const { return units_; }
  int lanes() const { return all_; }
  Real* data() { return rows_.data(); }
  const Real* data() const { return rows_.data(); }

 private:
  // Lanes [from_lane, from_lane + count) of one step become lanes from `to_lane` on of another,
  // which may be of another number of lanes.
  void copy(int count, const Real* from, int from_lane, int from_lanes, Real* to, int to_lane,
            int to_lanes) const {
    for (int p = 0; p < units_.count(); ++p) {
      const auto width = static_cast<std::size_t>(units_.width(p));
      std::copy_n(from + units_.index(from_lane, p * Panels::full, from_lanes),
                  static_cast<std::size_t>(count) * width,
                  to + units_.index(to_lane, p * Panels::full, to_lanes));
    }
  }

  Panels units_;
  int lanes_, all_;
  Buffer<Real> rows_;
};

}  // namespace rondo
