#include "model/recurrent/carried_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

template <class Real>
void save_rows(const CarriedRows<Real>& rows, const std::string& name, NamedState& state) {
  const Panels& units = rows.units();
  const int lanes = rows.lanes();
  NamedArray& array =
      state.add(name, element_type<Real>(),
                {static_cast<std::uint64_t>(lanes), static_cast<std::uint64_t>(units.units)});
  array.attributes["meaning"] = "one row a lane of the global batch";
  auto* to = reinterpret_cast<Real*>(array.bytes.data());
  for (int lane = 0; lane < lanes; ++lane) {
    for (int unit = 0; unit < units.units; ++unit)
      *to++ = rows.data()[units.index(lane, unit, lanes)];
  }
}

template <class Real>
void load_rows(const NamedState& state, const std::string& name, std::int64_t first_lane,
               std::int64_t all_lanes, CarriedRows<Real>& rows) {
  const Panels& units = rows.units();
  const int lanes = rows.lanes();
  const std::uint64_t shape[] = {static_cast<std::uint64_t>(all_lanes),
                                 static_cast<std::uint64_t>(units.units)};
  const Real* from = state.get<Real>(name, shape).data() +
                     static_cast<std::size_t>(first_lane) * static_cast<std::size_t>(units.units);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int unit = 0; unit < units.units; ++unit)
      rows.data()[units.index(lane, unit, lanes)] = *from++;
  }
}

}  // namespace

template <class Real>
CarriedState<Real>::CarriedState(const LayerShape<Real>& shape, const LayerName& layer,
                                 const PassShape& pass, Allocations& memory)
    : shape_(shape), layer_(layer), hidden_(shape.outputs, pass, memory) {
  if (shape.cell.has_cell_state) cell_.emplace(shape.units, pass, memory);
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
  hidden_.fetch(window, state);
  if (cell_ && cell != nullptr) cell_->fetch(window, cell);
}

template <class Real>
void CarriedState<Real>::keep(const WindowView& window, const Real* state, const Real* cell) {
  hidden_.keep(window, state);
  if (cell_ && cell != nullptr) cell_->keep(window, cell);
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
  hidden_.reorder(from);
  if (cell_) cell_->reorder(from);
}

template <class Real>
void CarriedState<Real>::clear() {
  hidden_.clear();
  if (cell_) cell_->clear();
}

template <class Real>
int CarriedState<Real>::reset_non_finite(const InitialState<Real>& initial_hidden,
                                         const InitialState<Real>& initial_cell) {
  int count = 0;
  for (int lane = 0; lane < hidden_.lanes(); ++lane) {
    // Calls use(value, first) for each value that the lane carries, and where it begins.
    const auto for_each_value = [&](const auto& use) {
      const auto units_of = [&](CarriedRows<Real>& carried, const InitialState<Real>& initial) {
        for (int unit = 0; unit < carried.units().units; ++unit) {
          use(carried.data()[carried.units().index(lane, unit, carried.lanes())], initial.at(unit));
        }
      };
      units_of(hidden_, initial_hidden);
      if (cell_) units_of(*cell_, initial_cell);
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
  save_rows(hidden_, name(prefix, "hidden"), state);
  if (cell_) save_rows(*cell_, name(prefix, "cell"), state);
}

template <class Real>
void CarriedState<Real>::load(const std::string& prefix, const NamedState& state,
                              std::int64_t first_lane, std::int64_t all_lanes) {
  load_rows(state, name(prefix, "hidden"), first_lane, all_lanes, hidden_);
  if (cell_) load_rows(state, name(prefix, "cell"), first_lane, all_lanes, *cell_);
}

template class CarriedState<float>;
template class CarriedState<double>;

}  // namespace rondo
