// A request to stop that reaches ranks which do not work together: each passes it on when it looks
// up from its own work, and none waits for another before all are through.
//
// A rank tells those 1, 2, 4, ... places behind it, so that all know after ceil(log2 ranks) looks.
#pragma once

#include <functional>
#include <memory>

#include "rondo/comm/communicator.hpp"

namespace rondo {

class StopRelay {
 public:
  // Collective. `world`, which outlives the relay, makes no other transfers of channels up to 127.
  explicit StopRelay(Communicator& world);
  // Only after finish() may messages' memory go: an error before it is to end the process.
  ~StopRelay();
  StopRelay(const StopRelay&) = delete;
  StopRelay& operator=(const StopRelay&) = delete;

  // Whether any rank was asked to stop, as far as is known here; `asked`: this one is. Passes on
  // what is new, and never waits.
  bool told(bool asked);
  // Waits until all ranks are here, and leaves the core to those that still work; what asked()
  // says meanwhile reaches them. Then nothing is under way any more, and told() is the same
  // everywhere. Collective, once.
  void finish(const std::function<bool()>& asked);

 private:
  struct Link;
  void wait_for(Transfer& transfer, const std::function<bool()>& asked);

  std::vector<std::unique_ptr<Link>> links_;
  bool stops_ = false;
};

}  // namespace rondo
