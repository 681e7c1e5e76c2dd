// Scaling along one axis: the mean over the area that a value covers where there are to be fewer,
// linear between the centres of neighbours where there are to be more.
//
// A value is the first that it is made of, and the mean of the others' differences from it, added
// ascending in double and divided once: what is even stays exactly what it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rondo {

class AxisScale {
 public:
  // 1 <= from, to <= 2^20.
  AxisScale(std::int64_t from, std::int64_t to);

  std::int64_t from() const { return from_; }
  std::int64_t to() const { return static_cast<std::int64_t>(shares_.size()); }

  // Value `number` of those that there are to be, of values that stand `stride` apart.
  double value(const double* values, std::ptrdiff_t stride, std::int64_t number) const;

 private:
  // Of one value: the first that it is made of, and the weights of it and its followers.
  struct Share {
    std::int64_t first;
    std::vector<double> weights;
  };
  std::int64_t from_;
  double divisor_;
  std::vector<Share> shares_;
};

}  // namespace rondo
