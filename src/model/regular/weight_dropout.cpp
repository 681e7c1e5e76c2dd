#include "model/regular/weight_dropout.hpp"

#include "model/packed_weights.hpp"

namespace rondo {

template <class Real>
WeightDropout<Real>::WeightDropout(const Segment& weights, const Real* parameters,
                                   double probability, const StageIdentity& identity, bool training,
                                   Allocations& memory)
    : weights_(weights),
      drops_(training && probability > 0),
      probability_(static_cast<float>(probability)),
      scale_(static_cast<Real>(1.0 / (1.0 - probability))),
      identity_(identity),
      stored_(values_of(weights, parameters)),
      seen_(memory.make<Real>(MemoryUse::weights, drops_ ? weights.size : 0)) {}

// One for each gate of each unit panel.
template <class Real>
int WeightDropout<Real>::jobs() const {
  return drops_ ? Panels{weights_.units}.count() * weights_.groups : 0;
}

template <class Real>
void WeightDropout<Real>::draw(int job, std::int64_t window) {
  apply(job, window, stored_, seen_.data());
}

template <class Real>
void WeightDropout<Real>::mask(int job, std::int64_t window, Real* gradient) const {
  apply(job, window, gradient + weights_.offset, gradient + weights_.offset);
}

template <class Real>
void WeightDropout<Real>::apply(int job, std::int64_t window, const Real* from, Real* to) const {
  const RandomStream random = identity_.stream(Purpose::dropped_weights, window);
  const Panels units{weights_.units};
  const int panel = job / weights_.groups, group = job % weights_.groups;
  const int width = units.width(panel);
  from += weights_.panel(panel, group);
  to += weights_.panel(panel, group);
  for (int column = 0; column < weights_.columns; ++column, from += width, to += width) {
    for (int u = 0; u < units.valid(panel); u += 4) {
      const auto quad = static_cast<std::uint32_t>((panel * Panels::full + u) / 4);
      const RandomStream::Block bits =
          random.block(quad, static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(group));
      for (int i = 0; i < 4; ++i) {  // a panel's padding, of +0, is up to the next four
        const bool kept = unit_float(bits[static_cast<std::size_t>(i)]) >= probability_;
        to[u + i] = kept ? from[u + i] * scale_ : Real{0};
      }
    }
  }
}

template class WeightDropout<float>;
template class WeightDropout<double>;

}  // namespace rondo
