// What arrives at each layer, step and lane of a window on one way back, and the histories of
// losses that it is added to.
#pragma once

#include <vector>

#include "rondo/model/gradient_watcher.hpp"
#include "rondo/train/gradient_reach.hpp"
#include "train/reach/counted_losses.hpp"

namespace rondo {

class Arrivals final : public GradientWatcher {
 public:
  // Of windows of at most so many steps, by axis.
  Arrivals(int lanes, const LongestWindow& longest) : lanes_(lanes), longest_(longest) {}

  int meet(const WatchedLayer& layer) override;
  void arrive(int layer, int t, int lane, double squares) override {
    squares_[static_cast<std::size_t>(layer)][place(t, lane)] += squares;
  }

  // Before a way back.
  void clear();
  // After it: adds what arrived at a layer to the histories of the losses, or, on another axis than
  // the first, of the spans there. `beyond_loss`: a reversed layer's history begins at the loss's
  // step, else at the first one of its sequence.
  void add(std::size_t layer, const std::vector<CountedLoss>& losses, const Window& window,
           bool beyond_loss);

  std::vector<LayerReach>& reaches() { return reaches_; }

 private:
  std::size_t place(int t, int lane) const {
    return static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
           static_cast<std::size_t>(lane);
  }
  void add_history(std::size_t layer, int lane, int from, int to);

  int lanes_;
  LongestWindow longest_;
  std::vector<LayerReach> reaches_;
  std::vector<std::vector<double>> squares_;  // of each layer [t][lane]
};

}  // namespace rondo
