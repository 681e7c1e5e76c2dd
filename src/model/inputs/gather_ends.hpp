// Joins two axes: at the step of the first axis that a span of another belongs to (a word's letters
// to the word), what each direction says of the span: the units of a reversed one as they are at
// the span's first step, the others as at its last. The way back scatters the gradients to there.
//
// Steps that no span belongs to have +0, and so have gradients that nobody sends.
#pragma once

#include "model/allocations.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class GatherEnds final : public StageWithoutParameters<Real> {
 public:
  // `axis`: of `below`, whose last `reversed` units a reversed direction has made. `goes_on`:
  // another stage has started the gradient there. `shape` is of the first axis.
  GatherEnds(int axis, int reversed, Activations<Real> below, Activations<Real> below_gradient,
             bool goes_on, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), below_.stride, below_.panels}; }
  Activations<Real> output_gradient() { return {gradient_.data(), below_.stride, below_.panels}; }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  int axis_, first_reversed_, lanes_;
  bool goes_on_;
  Activations<Real> below_, below_gradient_;
  Buffer<Real> output_, gradient_;  // [t]
};

}  // namespace rondo
