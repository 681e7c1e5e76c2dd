// Several activations side by side as one: the units of the first, then those of the second, ...
#pragma once

#include <vector>

#include "model/allocations.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class SideBySide final : public StageWithoutParameters<Real> {
 public:
  struct Input {
    Activations<Real> values, gradient;  // a gradient without memory is not asked for
    bool goes_on = false;                // another has started it
  };
  SideBySide(std::vector<Input> inputs, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), stride_, panels_}; }
  // Without memory where no input asks for it.
  Activations<Real> output_gradient() {
    return {gradient_.empty() ? nullptr : gradient_.data(), stride_, panels_};
  }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;

 private:
  std::vector<Input> inputs_;
  int lanes_;
  Panels panels_;
  std::size_t stride_;
  Buffer<Real> output_, gradient_;  // [t]; the output's padding stays +0
};

}  // namespace rondo
