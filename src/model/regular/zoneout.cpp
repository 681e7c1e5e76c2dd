#include "model/regular/zoneout.hpp"

#include "model/lane_rows.hpp"
#include "model/regular/drawn_units.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
Zoneout<Real>::Zoneout(double probability, const StageIdentity& identity, Purpose purpose,
                       const Panels& units, const PassShape& shape, Allocations& memory)
    : probability_(static_cast<float>(probability)),
      draws_(on() && shape.training),
      keep_(static_cast<Real>(probability)),
      renew_(static_cast<Real>(1.0 - probability)),
      identity_(identity),
      purpose_(purpose),
      units_(units),
      lanes_(shape.lanes) {
  if (!draws_) return;
  renewed_ = memory.make<std::uint64_t>(MemoryUse::activations,
                                        static_cast<std::size_t>(shape.times) *
                                            static_cast<std::size_t>(units.count()) *
                                            static_cast<std::size_t>(shape.lanes));
  kept_ = memory.make<Real>(MemoryUse::activations, units.step_size(shape.lanes));
}

template <class Real>
void Zoneout<Real>::forward(const WindowView& window, int t, LaneRange lanes, const Real* before,
                            Real* state) {
  if (!draws_) {
    for_each_row(units_, lanes_, lanes, [&](int, int, std::size_t at, std::size_t width) {
      for (std::size_t i = at; i < at + width; ++i) {
        state[i] = flushed(keep_ * before[i] + renew_ * state[i]);
      }
    });
    return;
  }
  const RandomStream random = identity_.stream(purpose_, window);
  for_each_row(units_, lanes_, lanes, [&](int p, int lane, std::size_t at, std::size_t width) {
    const std::uint64_t bits = renewed(t, p, lane) =
        drawn_units(random, probability_, units_, p, window.drawn_by(t, lane));
    for (std::size_t u = 0; u < width; ++u) {
      state[at + u] = (bits >> u & 1) != 0 ? state[at + u] : before[at + u];
    }
  });
}

template <class Real>
void Zoneout<Real>::backward(int t, LaneRange lanes, Real* gradient) {
  for_each_row(units_, lanes_, lanes, [&](int p, int lane, std::size_t at, std::size_t width) {
    const std::uint64_t bits = renewed(t, p, lane);
    for (std::size_t u = 0; u < width; ++u) {
      const Real whole = flushed(gradient[at + u]);
      gradient[at + u] = (bits >> u & 1) != 0 ? whole : Real{0};
      kept_[at + u] = (bits >> u & 1) != 0 ? Real{0} : whole;
    }
  });
}

template class Zoneout<float>;
template class Zoneout<double>;

}  // namespace rondo
