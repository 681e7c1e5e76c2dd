#include "train/scheduled_sampling.hpp"

#include "rondo/core/random.hpp"

namespace rondo {
namespace {

constexpr int said_axis = 1;
constexpr std::size_t before_column = 0;  // of that axis: what a step reads

}  // namespace

const Window& ScheduledSampling::take(const Window& window) {
  window_ = window;
  return window_;
}

template <class Real>
bool ScheduledSampling::replace(const WindowView& part, const Network<Real>& network,
                                double share) {
  const WindowView view = part.on(said_axis);
  const RandomStream random(seed_, Purpose::own_symbols, static_cast<std::uint64_t>(window_.epoch));
  std::vector<std::int32_t>& symbols =
      window_.axes[static_cast<std::size_t>(said_axis)].tokens[before_column];
  bool any = false;
  for (const Span& span : view.spans()) {
    const int lane = span.lane - view.rank_lane;
    for (int t = span.first + 1; t <= span.last(); ++t) {
      const auto step = static_cast<std::uint32_t>(span.step + t - span.first);
      if (!(random.uniform(static_cast<std::uint64_t>(span.sequence), step) < share)) continue;
      symbols[view.row(t) + static_cast<std::size_t>(span.lane)] = network.likeliest(t - 1, lane);
      any = true;
    }
  }
  return any;
}

template bool ScheduledSampling::replace(const WindowView&, const Network<float>&, double);
template bool ScheduledSampling::replace(const WindowView&, const Network<double>&, double);

}  // namespace rondo
