#include "train/reach/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace rondo {

int Arrivals::meet(const WatchedLayer& layer) {
  const std::int64_t times = layer.axis == 0 ? longest_.first : longest_.second;
  reaches_.push_back({layer, {}, {}});
  squares_.emplace_back(static_cast<std::size_t>(times) * static_cast<std::size_t>(lanes_));
  return static_cast<int>(reaches_.size()) - 1;
}

void Arrivals::clear() {
  for (std::vector<double>& squares : squares_) std::ranges::fill(squares, 0.0);
}

// Steps `from`, nearest to the loss, to `to`, in either direction.
void Arrivals::add_history(std::size_t layer, int lane, int from, int to) {
  LayerReach& reach = reaches_[layer];
  const auto length = static_cast<std::size_t>(std::abs(from - to)) + 1;
  if (reach.norms.size() < length) {
    reach.norms.resize(length);
    reach.losses.resize(length);
  }
  const int step = from < to ? 1 : -1;
  for (std::size_t k = 0; k < length; ++k, from += step) {
    reach.norms[k] += std::sqrt(squares_[layer][place(from, lane)]);
    ++reach.losses[k];
  }
}

void Arrivals::add(std::size_t layer, const std::vector<CountedLoss>& losses, const Window& window,
                   bool beyond_loss) {
  const WatchedLayer& which = reaches_[layer].layer;
  if (which.axis != 0) {
    for (const Span& span : window.axes[static_cast<std::size_t>(which.axis)].spans) {
      which.reversed ? add_history(layer, span.lane, span.first, span.last())
                     : add_history(layer, span.lane, span.last(), span.first);
    }
    return;
  }
  for (const CountedLoss& loss : losses) {
    which.reversed ? add_history(layer, loss.lane, beyond_loss ? loss.t : loss.first, loss.last)
                   : add_history(layer, loss.lane, loss.t, loss.first);
  }
}

}  // namespace rondo
