// The power of a window of samples by frequency: a Fourier transform of our own, as libraries
// choose theirs by the machine.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rondo {

class Spectrum {
 public:
  // `window` samples, 1 or more, are weighed by a periodic Hann window and filled up with zeros to
  // a power of two, points().
  explicit Spectrum(std::size_t window);

  std::size_t points() const { return points_; }
  // points() / 2 + 1: number k is at k / points() of the rate.
  std::size_t bins() const { return points_ / 2 + 1; }
  // `samples` may be fewer than the window: zeros follow. `power` has bins() places.
  void power(std::span<const double> samples, std::span<double> power);

 private:
  void transform();

  std::size_t points_ = 2;
  std::vector<double> window_;
  std::vector<double> cosines_, sines_;  // of 2 pi k / points()
  std::vector<std::size_t> reversed_;    // places with their bits in reverse order
  std::vector<double> real_, imaginary_;
};

}  // namespace rondo
