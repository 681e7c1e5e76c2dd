#include "model/recurrent/carried_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

template <class Real>
void save_rows(const Real* step, const Panels& units, int lanes, const std::string& name,
               NamedState& state) {
  NamedArray& array =
      state.add(name, element_type<Real>(),
                {static_cast<std::uint64_t>(lanes), static_cast<std::uint64_t>(units.units)});
  array.attributes["meaning"] = "one row a lane of the global batch";
  auto* to = reinterpret_cast<Real*>(array.bytes.data());
  for (int lane = 0; lane < lanes; ++lane) {
    for (int unit = 0; unit < units.units; ++unit) *to++ = step[units.index(lane, unit, lanes)];
  }
}

template <class Real>
void load_rows(const NamedState& state, const std::string& name, const Panels& units, int lanes,
               std::int64_t first_lane, std::int64_t all_lanes, Real* step) {
  const std::uint64_t shape[] = {static_cast<std::uint64_t>(all_lanes),
                                 static_cast<std::uint64_t>(units.units)};
  const Real* from = state.get<Real>(name, shape).data() +
                     static_cast<std::size_t>(first_lane) * static_cast<std::size_t>(units.units);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int unit = 0; unit < units.units; ++unit) step[units.index(lane, unit, lanes)] = *from++;
  }
}

// Lanes [from_lane, from_lane + count) of one step become lanes from `to_lane` on of another, which
// may be of another number of lanes.
template <class Real>
void copy_lanes(const Panels& units, int count, const Real* from, int from_lane, int from_lanes,
                Real* to, int to_lane, int to_lanes) {
  for (int p = 0; p < units.count(); ++p) {
    const auto width = static_cast<std::size_t>(units.width(p));
    std::copy_n(from + units.index(from_lane, p * Panels::full, from_lanes),
                static_cast<std::size_t>(count) * width,
                to + units.index(to_lane, p * Panels::full, to_lanes));
  }
}

}  // namespace

template <class Real>
CarriedState<Real>::CarriedState(const LayerShape<Real>& shape, const LayerName& layer,
                                 const PassShape& pass, Allocations& memory)
    : shape_(shape),
      layer_(layer),
      lanes_(pass.lanes_of_rank()),
      hidden_(memory.make<Real>(MemoryUse::carried, shape.outputs.step_size(lanes_))),
      cell_(memory.make<Real>(MemoryUse::carried,
                              shape.cell.has_cell_state ? shape.units.step_size(lanes_) : 0)) {
  if (pass.window == 0) return;
  const auto places = static_cast<std::size_t>(pass.pieces()) + 1;
  kept_hidden_ = memory.make<Real>(MemoryUse::activations, places * shape.output_step);
  if (shape.cell.has_cell_state) {
    kept_cell_ = memory.make<Real>(MemoryUse::activations, places * shape.step);
  }
}

template <class Real>
std::string CarriedState<Real>::name(const std::string& prefix, const char* what) const {
  return fmt::format("{}{}.{}_l{}", prefix, layer_.stack, what, layer_.number);
}

template <class Real>
void CarriedState<Real>::fetch(const WindowView& window, Real* state, Real* cell) const {
  const auto fetch = [&](const Panels& panels, const Buffer<Real>& carried, Real* step) {
    copy_lanes(panels, window.lanes, carried.data(), window.rank_lane, lanes_, step, 0,
               shape_.lanes);
  };
  fetch(shape_.outputs, hidden_, state);
  if (cell != nullptr) fetch(shape_.units, cell_, cell);
}

template <class Real>
void CarriedState<Real>::keep(const WindowView& window, const Real* state, const Real* cell) {
  const auto keep = [&](const Panels& panels, const Real* step, Buffer<Real>& carried) {
    copy_lanes(panels, window.lanes, step, 0, shape_.lanes, carried.data(), window.rank_lane,
               lanes_);
  };
  keep(shape_.outputs, state, hidden_);
  if (cell != nullptr) keep(shape_.units, cell, cell_);
}

template <class Real>
void CarriedState<Real>::keep_piece(int piece, const WindowView& window) {
  const auto place = static_cast<std::size_t>(piece);
  fetch(window, kept_hidden_.data() + place * shape_.output_step,
        kept_cell_.empty() ? nullptr : kept_cell_.data() + place * shape_.step);
}

template <class Real>
void CarriedState<Real>::return_piece(int piece, const WindowView& window) {
  const auto place = static_cast<std::size_t>(piece);
  keep(window, kept_hidden_.data() + place * shape_.output_step,
       kept_cell_.empty() ? nullptr : kept_cell_.data() + place * shape_.step);
}

template <class Real>
void CarriedState<Real>::reorder(std::span<const int> from) {
  const auto reorder = [&](const Panels& panels, Buffer<Real>& carried) {
    const Buffer<Real> before = carried;
    for (int lane = 0; lane < lanes_; ++lane) {
      copy_lanes(panels, 1, before.data(), from[static_cast<std::size_t>(lane)], lanes_,
                 carried.data(), lane, lanes_);
    }
  };
  reorder(shape_.outputs, hidden_);
  if (!cell_.empty()) reorder(shape_.units, cell_);
}

template <class Real>
void CarriedState<Real>::clear() {
  std::fill(hidden_.begin(), hidden_.end(), Real{0});
  std::fill(cell_.begin(), cell_.end(), Real{0});
}

template <class Real>
int CarriedState<Real>::reset_non_finite(const InitialState<Real>& initial_hidden,
                                         const InitialState<Real>& initial_cell) {
  int count = 0;
  for (int lane = 0; lane < lanes_; ++lane) {
    // Calls use(value, first) for each value that the lane carries, and where it begins.
    const auto for_each_value = [&](const auto& use) {
      const auto units_of = [&](const Panels& panels, Buffer<Real>& carried,
                                const InitialState<Real>& initial) {
        for (int unit = 0; unit < panels.units; ++unit) {
          use(carried[panels.index(lane, unit, lanes_)], initial.at(unit));
        }
      };
      units_of(shape_.outputs, hidden_, initial_hidden);
      if (shape_.cell.has_cell_state) units_of(shape_.units, cell_, initial_cell);
    };
    bool finite = true;
    for_each_value([&](const Real& value, Real) { finite = finite && std::isfinite(value); });
    if (finite) continue;
    ++count;
    for_each_value([](Real& value, Real first) { value = first; });
  }
  return count;
}

template <class Real>
void CarriedState<Real>::save(const std::string& prefix, NamedState& state) const {
  save_rows(hidden_.data(), shape_.outputs, lanes_, name(prefix, "hidden"), state);
  if (shape_.cell.has_cell_state) {
    save_rows(cell_.data(), shape_.units, lanes_, name(prefix, "cell"), state);
  }
}

template <class Real>
void CarriedState<Real>::load(const std::string& prefix, const NamedState& state,
                              std::int64_t first_lane, std::int64_t all_lanes) {
  load_rows(state, name(prefix, "hidden"), shape_.outputs, lanes_, first_lane, all_lanes,
            hidden_.data());
  if (shape_.cell.has_cell_state) {
    load_rows(state, name(prefix, "cell"), shape_.units, lanes_, first_lane, all_lanes,
              cell_.data());
  }
}

template class CarriedState<float>;
template class CarriedState<double>;

}  // namespace rondo
