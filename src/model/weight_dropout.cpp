#include "model/weight_dropout.hpp"

namespace rondo {

template <class Real>
void WeightDropout<Real>::apply(const Segment& segment, std::int64_t window, int panel, int group,
                                const Real* from, Real* to) const {
  const RandomStream random = identity_.stream(Purpose::dropped_weights, window);
  const Panels units{segment.units};
  const int width = units.width(panel);
  for (int column = 0; column < segment.columns; ++column, from += width, to += width) {
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
