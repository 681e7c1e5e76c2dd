// Who hears, on the way back, of what arrives at the recurrent layers. Nobody as a rule: then
// nothing is computed for it, and no bit depends on whether there is one.
#pragma once

#include <string>

namespace rondo {

// A direction of a recurrent layer.
struct WatchedLayer {
  std::string stack;  // "rnn": whose layers are counted
  int number = 0;     // from 0
  bool reversed = false;
  int axis = 0;  // of the window, along whose steps it goes
};

class GradientWatcher {
 public:
  virtual ~GradientWatcher() = default;
  // A layer tells that it is there; the number by which it will be heard of.
  virtual int meet(const WatchedLayer& layer) = 0;
  // Adds to the squared norm of the gradient at the state that a layer has at step `t` of the
  // window and leaves to the next: its output, which what is above has read, and an LSTM's cell.
  // Called by several threads, of different lanes (of the rank).
  virtual void arrive(int layer, int t, int lane, double squares) = 0;
};

}  // namespace rondo
