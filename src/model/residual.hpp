// A residual connection around a recurrent layer: its input is added to its output (He et al. 2016;
// between recurrent layers: Wu et al. 2016).
#pragma once

#include "model/allocations.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Stands behind the layer. `input` and `layer` are as wide, and lie alike. The gradient at the sum
// is the one at the layer's output, where the stage above leaves it; backward() leaves a copy in
// `input_gradient`, where the layer's own chains of the gradient at its input start from it
// (RecurrentLayer's `resumes_input_gradient`).
template <class Real>
class Residual final : public StageWithoutParameters<Real> {
 public:
  Residual(Activations<Real> input, Activations<Real> input_gradient, Activations<Real> layer,
           Activations<Real> layer_gradient, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {sum_.data(), layer_.stride, layer_.panels}; }
  Activations<Real> output_gradient() { return layer_gradient_; }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  int lanes_;
  Activations<Real> input_, input_gradient_, layer_, layer_gradient_;
  Buffer<Real> sum_;  // [t]
};

}  // namespace rondo
