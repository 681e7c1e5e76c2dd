// What a lane's state is where it begins, at the first step of a document: zero, a vector of
// parameters, which all lanes share and learn, or what another stage says at that step.
#pragma once

#include "model/allocations.hpp"
#include "model/recurrent/segment_gradient.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo {

// Where lanes that begin at step t find their states, and leave the gradient of them: steps of the
// layer's own axis. Its one reader; no units: there is none.
template <class Real>
struct GivenState {
  Activations<Real> values, gradient;
};
template <class Real>
struct GivenStates {
  GivenState<Real> hidden, cell;
};

// Of one state of a layer, hidden or cell. Arrays are steps of all lanes, [panel][lane][width].
template <class Real>
class InitialState final : public SegmentGradient<Real> {
 public:
  // `segment`, of one value a unit, is the vector's; null: zero, which is no part of the gradient.
  InitialState(const Segment* segment, const Real* parameters, const Panels& units,
               const PassShape& shape, Allocations& memory, const GivenState<Real>& given = {});

  bool trained() const { return segment_ != nullptr; }
  bool is_zero() const { return !trained() && !is_given(); }
  // A unit's first value, where no step is known: the parameter, small ones as +0.
  Real at(int unit) const;
  // The rows of lanes whose reset bit is set begin, at step t.
  void set(int t, const std::uint8_t* resets, LaneRange lanes, Real* state) const;

  // Where not zero: takes the gradient of those lanes' rows, which began at step t, and leaves +0.
  void take_gradient(int t, const std::uint8_t* resets, LaneRange lanes, Real* gradient);
  // The gradient of the vector is that of a bias, of the rows that began; others count as +0.
  const Segment& segment() const override { return *segment_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  bool is_given() const { return given_.values.panels.units > 0; }

  const Segment* segment_;
  const Real* parameters_;
  GivenState<Real> given_;
  Panels units_;
  int lanes_;
  std::size_t step_;       // elements of one time step
  Buffer<Real> gradient_;  // [t], where it is differentiated
};

}  // namespace rondo
