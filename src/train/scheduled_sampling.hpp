// Scheduled sampling (Bengio et al. 2015) for networks that say sequences: some steps read, in the
// place of the right symbol before, the one that the network itself finds likeliest there.
//
// In two passes over a window (Mihaylova and Martins 2019): the first reads what is right, and what
// it says at a step is what the next one may read in the second, from which gradients are. So a
// symbol of its own is what the network says behind the right ones. It costs one more pass forward,
// about a third of a step. Which steps read it is drawn by epoch, sequence and the sequence's own
// step, so that company, ranks and threads change nothing.
#pragma once

#include <cstdint>

#include "rondo/core/window.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

class ScheduledSampling {
 public:
  explicit ScheduledSampling(std::uint64_t seed) : seed_(seed) {}

  // A window of this one's own, whose symbols it may change; `window` may go.
  const Window& take(const Window& window);

  // After the forward pass of some lanes of the window taken: of their steps on the second axis,
  // but for the first one of each sequence, `share` read what `network` found likeliest one step
  // before. Returns whether any does, so that another pass is due.
  template <class Real>
  bool replace(const WindowView& part, const Network<Real>& network, double share);

 private:
  std::uint64_t seed_;
  Window window_;
};

}  // namespace rondo
