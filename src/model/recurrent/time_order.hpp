// The order in which a recurrent layer goes through the steps of a window, from the first to the
// last or, reversed, from the last to the first. Whatever depends on it asks here: which step comes
// before or after another, and where the states between two lie.
#pragma once

#include "rondo/model/stage.hpp"

namespace rondo {

struct TimeOrder {
  int times = 0;  // of the window
  bool reversed = false;

  // The number-th step that is gone through, and the times of steps [begin, end) counted so.
  int step(int number) const { return reversed ? times - 1 - number : number; }
  TimeRange range(int begin, int end) const {
    return reversed ? TimeRange{times - end, times - begin} : TimeRange{begin, end};
  }

  bool is_first(int t) const { return t == step(0); }
  bool is_last(int t) const { return t == step(times - 1); }
  int before(int t) const { return reversed ? t + 1 : t - 1; }
  int after(int t) const { return reversed ? t - 1 : t + 1; }

  // Of times + 1 places for states, the one that step t enters with, and the one that it leaves.
  int entered(int t) const { return reversed ? t + 1 : t; }
  int left(int t) const { return reversed ? t : t + 1; }
};

}  // namespace rondo
