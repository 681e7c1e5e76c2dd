// One vector over the units of a lane, where a step's panels hold `count` vectors of each lane:
// panel by panel [vector][lane][width] (kernels/normalized/normalized.hpp).
#pragma once

#include <algorithm>
#include <cstddef>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

template <class Value>
class LaneVector {
 public:
  // Vector `number` of `count` of a lane, one of `lanes`; `step`: all panels of the step.
  LaneVector(Value* step, const Panels& units, int lanes, int lane, int count = 1, int number = 0)
      : units_(units), last_(units.count() - 1) {
    const auto row = static_cast<std::size_t>(number * lanes + lane);
    stride_ = units.offset(1, lanes) * static_cast<std::size_t>(count);
    first_ = step + row * Panels::full;
    // The last panel's rows are narrower.
    in_last_ = step + stride_ * static_cast<std::size_t>(last_) +
               row * static_cast<std::size_t>(units.width(last_));
  }

  const Panels& units() const { return units_; }
  // Its units of panel j.
  Value* panel(int j) const {
    return j == last_ ? in_last_ : first_ + stride_ * static_cast<std::size_t>(j);
  }
  Value& operator[](int unit) const { return panel(unit / Panels::full)[unit % Panels::full]; }
  // Sets the padding to +0.
  void clear_padding() const {
    std::fill(in_last_ + units_.valid(last_), in_last_ + units_.width(last_), Value{0});
  }

 private:
  Panels units_;
  int last_;
  std::size_t stride_;
  Value *first_, *in_last_;
};

// The weights of one such vector, the same for all lanes: panel by panel [vector][width].
template <class Value>
LaneVector<const Value> vector_weights(const Value* weights, const Panels& units, int count,
                                       int number) {
  return {weights, units, 1, 0, count, number};
}

}  // namespace rondo::kernels
