#include "model/zoneout.hpp"

#include "model/drawn_units.hpp"
#include "model/lane_rows.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
Zoneout<Real>::Zoneout(double probability, const StageIdentity& identity, Purpose purpose,
                       const Panels& units, const PassShape& shape)
    : probability_(static_cast<float>(probability)),
      keep_(static_cast<Real>(probability)),
      renew_(static_cast<Real>(1.0 - probability)),
      identity_(identity),
      purpose_(purpose),
      units_(units),
      lanes_(shape.lanes),
      renewed_(masks(probability, units, shape)),
      kept_(renewed_.empty() ? 0 : units.step_size(shape.lanes)) {}

template <class Real>
std::size_t Zoneout<Real>::masks(double probability, const Panels& units, const PassShape& shape) {
  if (probability == 0 || !shape.training) return 0;
  return static_cast<std::size_t>(shape.times) * static_cast<std::size_t>(units.count()) *
         static_cast<std::size_t>(shape.lanes);
}

template <class Real>
std::uint64_t Zoneout<Real>::bytes(double probability, const Panels& units,
                                   const PassShape& shape) {
  const std::size_t count = masks(probability, units, shape);
  if (count == 0) return 0;
  return count * sizeof(std::uint64_t) + units.step_size(shape.lanes) * sizeof(Real);
}

template <class Real>
void Zoneout<Real>::forward(const WindowView& window, int t, LaneRange lanes, const Real* before,
                            Real* state) {
  if (renewed_.empty()) {
    for_each_row(units_, lanes_, lanes, [&](int, int, std::size_t at, std::size_t width) {
      for (std::size_t i = at; i < at + width; ++i) {
        state[i] = flushed(keep_ * before[i] + renew_ * state[i]);
      }
    });
    return;
  }
  const RandomStream random = identity_.stream(purpose_, window.index);
  for_each_row(units_, lanes_, lanes, [&](int p, int lane, std::size_t at, std::size_t width) {
    const std::uint64_t bits = renewed(t, p, lane) =
        drawn_units(random, probability_, units_, p, window.first_lane + lane, t);
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
