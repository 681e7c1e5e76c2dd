// What a lane's state is where it begins, at the first step of a document: zero, or a vector of
// parameters, which all lanes share and learn.
#pragma once

#include "model/allocations.hpp"
#include "model/recurrent/segment_gradient.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo {

// Of one state of a layer, hidden or cell. Arrays are steps of all lanes, [panel][lane][width].
template <class Real>
class InitialState final : public SegmentGradient<Real> {
 public:
  // `segment`, of one value a unit, is the vector's; null: zero, which is no part of the gradient.
  InitialState(const Segment* segment, const Real* parameters, const Panels& units,
               const PassShape& shape, Allocations& memory);

  bool trained() const { return segment_ != nullptr; }
  // A unit's first value: the parameter, small ones as +0.
  Real at(int unit) const;
  // The rows of lanes whose reset bit is set begin.
  void set(const std::uint8_t* resets, LaneRange lanes, Real* state) const;

  // Where trained: takes the gradient of those lanes' rows, which began at step t, and leaves +0.
  void take_gradient(int t, const std::uint8_t* resets, LaneRange lanes, Real* gradient);
  // The gradient of the vector is that of a bias, of the rows that began; others count as +0.
  const Segment& segment() const override { return *segment_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  const Segment* segment_;
  const Real* parameters_;
  Panels units_;
  int lanes_;
  std::size_t step_;       // elements of one time step
  Buffer<Real> gradient_;  // [t], where it is differentiated
};

}  // namespace rondo
