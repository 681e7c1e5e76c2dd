#include <algorithm>

#include "rondo/core/random.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

template <class Real>
void initialize_within(const ParameterLayout& layout, double range, std::uint64_t seed,
                       std::span<Real> parameters) {
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const Segment& segment = layout[s];
    const RandomStream random(seed, Purpose::weights, s);
    Real* stored = parameters.data() + segment.offset;
    std::fill_n(stored, segment.size, Real{0});
    if (segment.role == Segment::Role::initial_state) continue;
    const bool gain = segment.role == Segment::Role::gain;
    std::uint64_t position = 0;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        const double drawn = (2.0 * random.uniform(position++) - 1.0) * range;
        stored[segment.index(row, column)] = static_cast<Real>(gain ? 1.0 : drawn);
      }
    }
  }
}

template void initialize_within(const ParameterLayout&, double, std::uint64_t, std::span<float>);
template void initialize_within(const ParameterLayout&, double, std::uint64_t, std::span<double>);

}  // namespace rondo
