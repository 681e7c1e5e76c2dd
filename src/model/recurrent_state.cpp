// The state that a recurrent layer carries between windows, for all lanes of the rank: fetched by a
// window, kept after it, cleared, saved, loaded.
#include <algorithm>
#include <cmath>

#include "model/recurrent_layer.hpp"

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
std::string RecurrentLayer<Real>::state_name(const std::string& prefix, const char* what) const {
  return fmt::format("{}rnn.{}_l{}", prefix, what, layer_);
}

template <class Real>
void RecurrentLayer<Real>::begin_window(const WindowView& window) {
  const auto fetch = [&](const Panels& panels, const Buffer<Real>& carried, Buffer<Real>& steps) {
    copy_lanes(panels, window.lanes, carried.data(), window.carried, carried_lanes_, steps.data(),
               0, lanes_);
  };
  fetch(outputs_, carried_hidden_, state_);
  if (cell_.has_cell_state) fetch(units_, carried_cell_, cells_);
  // Later resets are applied as each step writes the state that the next one reads.
  const LaneRange lanes{0, window.lanes};
  initial_hidden_.set(window.resets, lanes, state_.data());
  if (apart_) initial_cell_.set(window.resets, lanes, cells_.data());
}

template <class Real>
void RecurrentLayer<Real>::carry(const WindowView& window) {
  const auto keep = [&](const Panels& panels, const Real* last, Buffer<Real>& carried) {
    copy_lanes(panels, window.lanes, last, 0, lanes_, carried.data(), window.carried,
               carried_lanes_);
  };
  keep(outputs_, state_.data() + hidden_at(window.times), carried_hidden_);
  if (cell_.has_cell_state) keep(units_, cells_.data() + at(window.times), carried_cell_);
}

template <class Real>
void RecurrentLayer<Real>::clear_state() {
  std::fill(carried_hidden_.begin(), carried_hidden_.end(), Real{0});
  std::fill(carried_cell_.begin(), carried_cell_.end(), Real{0});
}

template <class Real>
int RecurrentLayer<Real>::reset_non_finite() {
  int count = 0;
  for (int lane = 0; lane < carried_lanes_; ++lane) {
    // Calls use(value, first) for each value that the lane carries, and where it begins.
    const auto for_each_value = [&](const auto& use) {
      const auto units_of = [&](const Panels& panels, Buffer<Real>& carried,
                                const InitialState<Real>& initial) {
        for (int unit = 0; unit < panels.units; ++unit) {
          use(carried[panels.index(lane, unit, carried_lanes_)], initial.at(unit));
        }
      };
      units_of(outputs_, carried_hidden_, initial_hidden_);
      if (cell_.has_cell_state) units_of(units_, carried_cell_, initial_cell_);
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
void RecurrentLayer<Real>::save_state(const std::string& prefix, NamedState& state) const {
  save_rows(carried_hidden_.data(), outputs_, carried_lanes_, state_name(prefix, "hidden"), state);
  if (cell_.has_cell_state) {
    save_rows(carried_cell_.data(), units_, carried_lanes_, state_name(prefix, "cell"), state);
  }
}

template <class Real>
void RecurrentLayer<Real>::load_state(const std::string& prefix, const NamedState& state,
                                      std::int64_t first_lane, std::int64_t all_lanes) {
  load_rows(state, state_name(prefix, "hidden"), outputs_, carried_lanes_, first_lane, all_lanes,
            carried_hidden_.data());
  if (cell_.has_cell_state) {
    load_rows(state, state_name(prefix, "cell"), units_, carried_lanes_, first_lane, all_lanes,
              carried_cell_.data());
  }
}

template void RecurrentLayer<float>::begin_window(const WindowView&);
template void RecurrentLayer<double>::begin_window(const WindowView&);
template void RecurrentLayer<float>::carry(const WindowView&);
template void RecurrentLayer<double>::carry(const WindowView&);
template void RecurrentLayer<float>::clear_state();
template void RecurrentLayer<double>::clear_state();
template int RecurrentLayer<float>::reset_non_finite();
template int RecurrentLayer<double>::reset_non_finite();
template void RecurrentLayer<float>::save_state(const std::string&, NamedState&) const;
template void RecurrentLayer<double>::save_state(const std::string&, NamedState&) const;
template void RecurrentLayer<float>::load_state(const std::string&, const NamedState&, std::int64_t,
                                                std::int64_t);
template void RecurrentLayer<double>::load_state(const std::string&, const NamedState&,
                                                 std::int64_t, std::int64_t);

}  // namespace rondo
