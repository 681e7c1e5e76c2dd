// The states that a recurrent layer carries between windows, for all lanes of the rank.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/allocations.hpp"
#include "model/recurrent/carried_rows.hpp"
#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/pieces/initial_state.hpp"
#include "model/recurrent/recurrent_segments.hpp"

namespace rondo {

template <class Real>
class CarriedState {
 public:
  // `layer` tells its arrays from others'.
  CarriedState(const LayerShape<Real>& shape, const LayerName& layer, const PassShape& pass,
               Allocations& memory);

  // A window's lanes take their states from here, and leave them here. `cell` is null where the
  // cell has none.
  void fetch(const WindowView& window, Real* state, Real* cell) const;
  void keep(const WindowView& window, const Real* state, const Real* cell);

  // Of a window in pieces: what its lanes carry where a piece begins, and have back.
  void keep_piece(int piece, const WindowView& window);
  void return_piece(int piece, const WindowView& window);

  // Lane l has what lane from[l] had.
  void reorder(std::span<const int> from);
  void clear();
  // Lanes with a state that is not finite begin anew; how many.
  int reset_non_finite(const InitialState<Real>& hidden, const InitialState<Real>& cell);
  void save(const std::string& prefix, NamedState& state) const;
  void load(const std::string& prefix, const NamedState& state, std::int64_t first_lane,
            std::int64_t all_lanes);

 private:
  std::string name(const std::string& prefix, const char* what) const;

  LayerShape<Real> shape_;
  LayerName layer_;
  CarriedRows<Real> hidden_;
  std::optional<CarriedRows<Real>> cell_;
  Buffer<Real> kept_hidden_, kept_cell_;  // [piece], and behind the last: of the lanes side by side
};

}  // namespace rondo
