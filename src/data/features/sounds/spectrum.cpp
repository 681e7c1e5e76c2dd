#include "data/features/sounds/spectrum.hpp"

#include <algorithm>

#include "rondo/core/exact_math.hpp"

namespace rondo {

Spectrum::Spectrum(std::size_t window) {
  std::size_t bits = 1;
  while (points_ < window) {
    points_ *= 2;
    ++bits;
  }
  for (std::size_t i = 0; i < window; ++i) {
    const double turn = 2 * static_cast<double>(i) / static_cast<double>(window);
    window_.push_back(0.5 - 0.5 * exact::cos_pi(turn));
  }
  for (std::size_t k = 0; k < points_ / 2; ++k) {
    const double turn = 2 * static_cast<double>(k) / static_cast<double>(points_);
    cosines_.push_back(exact::cos_pi(turn));
    sines_.push_back(exact::sin_pi(turn));
  }
  for (std::size_t i = 0; i < points_; ++i) {
    std::size_t reversed = 0;
    for (std::size_t bit = 0; bit < bits; ++bit) reversed |= (i >> bit & 1U) << (bits - 1 - bit);
    reversed_.push_back(reversed);
  }
  real_.resize(points_);
  imaginary_.resize(points_);
}

void Spectrum::power(std::span<const double> samples, std::span<double> power) {
  const std::size_t given = std::min(samples.size(), window_.size());
  for (std::size_t i = 0; i < points_; ++i) {
    real_[reversed_[i]] = i < given ? samples[i] * window_[i] : 0.0;
    imaginary_[reversed_[i]] = 0;
  }
  transform();
  for (std::size_t k = 0; k < bins(); ++k) {
    power[k] = real_[k] * real_[k] + imaginary_[k] * imaginary_[k];
  }
}

// Radix 2: halves of `half` points become wholes, in place.
void Spectrum::transform() {
  for (std::size_t half = 1; half < points_; half *= 2) {
    const std::size_t stride = points_ / (2 * half);
    for (std::size_t begin = 0; begin < points_; begin += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        const std::size_t even = begin + k, odd = even + half;
        const double cosine = cosines_[k * stride], sine = sines_[k * stride];
        const double real = real_[odd] * cosine + imaginary_[odd] * sine;
        const double imaginary = imaginary_[odd] * cosine - real_[odd] * sine;
        real_[odd] = real_[even] - real;
        imaginary_[odd] = imaginary_[even] - imaginary;
        real_[even] += real;
        imaginary_[even] += imaginary;
      }
    }
  }
}

}  // namespace rondo
