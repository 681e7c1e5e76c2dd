#include "data/features/pictures/scaling.hpp"

#include <algorithm>

namespace rondo {

AxisScale::AxisScale(std::int64_t from, std::int64_t to) : from_(from), divisor_(1) {
  for (std::int64_t i = 0; i < to; ++i) {
    Share share{i, {1}};
    if (to < from) {
      // In units of 1 / to: value j covers [j to, (j + 1) to), this one [i from, (i + 1) from).
      share = {i * from / to, {}};
      for (std::int64_t j = share.first; j * to < (i + 1) * from; ++j) {
        const std::int64_t begin = std::max(j * to, i * from);
        const std::int64_t end = std::min((j + 1) * to, (i + 1) * from);
        share.weights.push_back(static_cast<double>(end - begin));
      }
    } else if (to > from) {
      // In units of 1 / (2 to): its centre, from that of value 0.
      const std::int64_t unit = 2 * to;
      const std::int64_t centre =
          std::clamp((2 * i + 1) * from - to, std::int64_t{0}, (from - 1) * unit);
      const std::int64_t beyond = centre % unit;
      share = {centre / unit, {static_cast<double>(unit - beyond)}};
      if (beyond > 0) share.weights.push_back(static_cast<double>(beyond));
    }
    shares_.push_back(std::move(share));
  }
  if (to < from) divisor_ = static_cast<double>(from);
  if (to > from) divisor_ = static_cast<double>(2 * to);
}

double AxisScale::value(const double* values, std::ptrdiff_t stride, std::int64_t number) const {
  const Share& share = shares_[static_cast<std::size_t>(number)];
  const double* const first = values + share.first * static_cast<std::int64_t>(stride);
  double sum = 0;
  for (std::size_t i = 1; i < share.weights.size(); ++i) {
    sum += share.weights[i] * (first[static_cast<std::ptrdiff_t>(i) * stride] - *first);
  }
  return *first + sum / divisor_;
}

}  // namespace rondo
