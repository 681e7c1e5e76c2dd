// What a cell that does not normalise does between the products of a step, unit panel by unit panel
// (kernels/gates/gates.hpp); where it has peepholes, it sees them.
#pragma once

#include <optional>

#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/pieces/peepholes.hpp"
#include "model/recurrent/step_view.hpp"

namespace rondo {

template <class Real>
class Elementwise {
 public:
  Elementwise(const LayerShape<Real>& shape, const std::optional<Peepholes<Real>>& peepholes)
      : shape_(shape), peepholes_(peepholes) {}

  void forward(const StepView<Real>& step, int j) const;
  void backward(const StepView<Real>& step, const StepGradients<Real>& gradients, int j) const;

 private:
  template <class Step>
  Step told(const StepView<Real>& step, int j) const;

  LayerShape<Real> shape_;
  const std::optional<Peepholes<Real>>& peepholes_;
};

}  // namespace rondo
