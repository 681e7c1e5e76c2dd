// The order in which a recurrent layer goes through the steps of a window. Whatever depends on it
// asks here: which step comes before or after another, and where the states between two lie.
#pragma once

#include "rondo/model/stage.hpp"

namespace rondo {

struct TimeOrder {
  int times = 0;  // of the window

  // The number-th step that is gone through, and the times of steps [begin, end) counted so.
  int step(int number) const { return number; }
  TimeRange range(int begin, int end) const { return {begin, end}; }

  bool is_first(int t) const { return t == 0; }
  bool is_last(int t) const { return t + 1 == times; }
  int before(int t) const { return t - 1; }
  int after(int t) const { return t + 1; }

  // Of times + 1 places for states, the one that step t enters with, and the one that it leaves.
  int entered(int t) const { return t; }
  int left(int t) const { return t + 1; }
};

}  // namespace rondo
