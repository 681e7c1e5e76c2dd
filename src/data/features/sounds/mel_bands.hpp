// Bands of frequencies, equally far apart on the mel scale, and the cosine transform of what they
// hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

class MelBands {
 public:
  // Of a spectrum of `bins` frequencies from 0 to rate / 2.
  MelBands(std::int64_t bands, std::size_t bins, std::int64_t rate);

  std::size_t size() const { return bands_.size(); }
  // Whether no frequency of the spectrum is in one of them.
  bool any_empty() const;
  // The logarithm of each band's power.
  void logarithms(std::span<const double> power, std::span<double> to) const;

 private:
  struct Band {
    std::size_t first = 0;  // bin
    std::vector<double> weights = {};
  };
  std::vector<Band> bands_;
};

// The orthonormal cosine transform of type II, its first `outputs` numbers.
class CosineTransform {
 public:
  CosineTransform(std::size_t inputs, std::size_t outputs);
  void apply(std::span<const double> from, std::span<double> to) const;

 private:
  std::size_t inputs_;
  std::vector<double> weights_;  // [outputs][inputs]
};

}  // namespace rondo
