#include "data/features/sounds/mel_bands.hpp"

#include <algorithm>
#include <cmath>

#include "rondo/core/exact_math.hpp"

namespace rondo {

MelBands::MelBands(std::int64_t bands, std::size_t bins, std::int64_t rate) {
  constexpr double corner = 700;  // Hz
  const double highest = static_cast<double>(rate) / 2;
  const double most = exact::log(1 + highest / corner);
  const auto hertz = [&](std::int64_t point) {
    const double mel = most * static_cast<double>(point) / static_cast<double>(bands + 1);
    return corner * (exact::exp(mel) - 1);
  };
  for (std::int64_t band = 0; band < bands; ++band) {
    const double low = hertz(band), centre = hertz(band + 1), high = hertz(band + 2);
    Band made;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double at = highest * static_cast<double>(bin) / static_cast<double>(bins - 1);
      const double weight = std::min((at - low) / (centre - low), (high - at) / (high - centre));
      if (weight <= 0) continue;
      if (made.weights.empty()) made.first = bin;
      made.weights.push_back(weight);
    }
    bands_.push_back(std::move(made));
  }
}

bool MelBands::any_empty() const {
  return std::ranges::any_of(bands_, [](const Band& band) { return band.weights.empty(); });
}

void MelBands::logarithms(std::span<const double> power, std::span<double> to) const {
  constexpr double floor = 1e-10;
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    const Band& own = bands_[band];
    double sum = 0;
    for (std::size_t i = 0; i < own.weights.size(); ++i)
      sum += own.weights[i] * power[own.first + i];
    to[band] = exact::log(std::max(sum, floor));
  }
}

CosineTransform::CosineTransform(std::size_t inputs, std::size_t outputs) : inputs_(inputs) {
  const auto count = static_cast<double>(inputs);
  for (std::size_t k = 0; k < outputs; ++k) {
    const double scale = std::sqrt((k == 0 ? 1 : 2) / count);
    for (std::size_t i = 0; i < inputs; ++i) {
      const auto turn = static_cast<double>(k * (2 * i + 1)) / (2 * count);
      weights_.push_back(scale * exact::cos_pi(turn));
    }
  }
}

void CosineTransform::apply(std::span<const double> from, std::span<double> to) const {
  for (std::size_t k = 0; k < to.size(); ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < inputs_; ++i) sum += weights_[k * inputs_ + i] * from[i];
    to[k] = sum;
  }
}

}  // namespace rondo
