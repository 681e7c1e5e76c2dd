#include "rondo/optim/average.hpp"

#include <algorithm>

#include "optim/pieces.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo {

double average_weight(const OptimizationSettings& settings, std::int64_t count) {
  if (count == 1) return 1;
  return settings.average > 0 ? 1.0 - settings.average : 1.0 / static_cast<double>(count);
}

template <class Real>
void take_into_average(double weight, std::span<const Real> parameters, std::span<Real> average,
                       ThreadPool& pool) {
  optimizers::for_pieces(parameters.size(), pool, [&](std::size_t begin, std::size_t end) {
    const auto from = parameters.subspan(begin, end - begin);
    const auto into = average.subspan(begin, end - begin);
    if (weight == 1) {
      std::copy(from.begin(), from.end(), into.begin());
    } else {
      kernels::average<Real>(static_cast<Real>(weight), from, into);
    }
  });
}

template void take_into_average(double, std::span<const float>, std::span<float>, ThreadPool&);
template void take_into_average(double, std::span<const double>, std::span<double>, ThreadPool&);

}  // namespace rondo
