// At the last step of each sequence, what its steps say together: their mean, of each unit the
// largest value, of equal ones the first, or the last state of each direction.
//
// Mean: additions from +0, t ascending over the span, times 1 / length, which is rounded once; the
// gradient of each step is the pooled one's times that. Maximum: the step that holds it takes the
// gradient. Last: the units of a reversed direction stand at the first step. All other steps'
// outputs are +0, and gradients that nobody sends are.
#pragma once

#include "model/allocations.hpp"
#include "rondo/model/network_plan.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class Pool final : public StageWithoutParameters<Real> {
 public:
  // `reversed`: the last units of `below`, which a reversed direction has made. `goes_on`: another
  // stage has started the gradient there.
  Pool(Pooling pooling, int reversed, Activations<Real> below, Activations<Real> below_gradient,
       bool goes_on, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), below_.stride, below_.panels}; }
  Activations<Real> output_gradient() { return {gradient_.data(), below_.stride, below_.panels}; }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  // The step of a span that has what is said of a unit, whose value is at `at`: not of a mean.
  int holder(const Span& span, int unit, std::size_t at) const;

  Pooling pooling_;
  int first_reversed_;  // unit
  int lanes_;
  bool goes_on_;
  Activations<Real> below_, below_gradient_;
  Buffer<Real> output_, gradient_;  // [t]
};

}  // namespace rondo
