// The state that a recurrent layer carries between windows: cleared, saved, loaded.
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

}  // namespace

template <class Real>
std::string RecurrentLayer<Real>::state_name(const std::string& prefix, const char* what) const {
  return fmt::format("{}rnn.{}_l{}", prefix, what, layer_);
}

template <class Real>
void RecurrentLayer<Real>::clear_state() {
  std::fill_n(state_.data(), step_, Real{0});
  if (cell_.has_cell_state) std::fill_n(cells_.data(), step_, Real{0});
}

template <class Real>
int RecurrentLayer<Real>::reset_non_finite() {
  int count = 0;
  for (int lane = 0; lane < lanes_; ++lane) {
    bool finite = true;
    for (int unit = 0; unit < units_.units; ++unit) {
      const std::size_t i = units_.index(lane, unit, lanes_);
      finite =
          finite && std::isfinite(state_[i]) && (!cell_.has_cell_state || std::isfinite(cells_[i]));
    }
    if (finite) continue;
    ++count;
    for (int unit = 0; unit < units_.units; ++unit) {
      const std::size_t i = units_.index(lane, unit, lanes_);
      state_[i] = Real{0};
      if (cell_.has_cell_state) cells_[i] = Real{0};
    }
  }
  return count;
}

template <class Real>
void RecurrentLayer<Real>::save_state(const std::string& prefix, NamedState& state) const {
  save_rows(state_.data(), units_, lanes_, state_name(prefix, "hidden"), state);
  if (cell_.has_cell_state) {
    save_rows(cells_.data(), units_, lanes_, state_name(prefix, "cell"), state);
  }
}

template <class Real>
void RecurrentLayer<Real>::load_state(const std::string& prefix, const NamedState& state,
                                      std::int64_t first_lane, std::int64_t all_lanes) {
  load_rows(state, state_name(prefix, "hidden"), units_, lanes_, first_lane, all_lanes,
            state_.data());
  if (cell_.has_cell_state) {
    load_rows(state, state_name(prefix, "cell"), units_, lanes_, first_lane, all_lanes,
              cells_.data());
  }
}

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
