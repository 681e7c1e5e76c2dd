// What a recurrent layer does beside its cell.
#pragma once

#include "model/stage_identity.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

struct RecurrentOptions {
  bool resumes_input_gradient = false;   // its chains start from what is there
  double weight_dropout = 0;             // of the recurrent matrix
  double zoneout = 0, zoneout_cell = 0;  // of the hidden and the cell state
  bool trains_initial = false;           // where its states begin: its segments have them,
  bool given_initial = false;            // or another stage says them
  bool reversed = false;                 // goes from a window's last step to its first
  bool carries = true;                   // its state goes on in the next window
  StageIdentity identity{};              // whose random numbers they are

  bool begins_at_zero() const { return !trains_initial && !given_initial; }
  // Whether the cell state that a step makes is another than the one that the next enters with.
  template <class Real>
  bool makes_cell_apart(const Cell<Real>& cell) const {
    return cell.has_cell_state && (zoneout_cell > 0 || !begins_at_zero());
  }
};

}  // namespace rondo
