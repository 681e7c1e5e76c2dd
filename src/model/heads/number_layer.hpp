// A head that says numbers: linear outputs, and a loss of them (kernels/losses/numbers.hpp).
#pragma once

#include "model/heads/linear_head.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo {

// Where a window has the targets: a column of numbers, NaN where one is masked.
struct NumberTargets {
  int column = 0;
  int width = 1;
};

template <class Real>
class NumberLayer final : public LinearHead<Real> {
 public:
  NumberLayer(const HeadPlaces<Real>& places, const NumberTargets& targets,
              kernels::NumberLoss loss, const PassShape& shape, Allocations& memory);

  void forward(const WindowView& window, LaneRange lanes) override;
  // A number that is given weighs 1.
  double weight(const WindowView& window, int t, int lane) const override;
  const kernels::NumberLoss* number_loss() const override { return &loss_; }

 private:
  const float* target(const WindowView& window, int t, int lane) const {
    return window.reals(targets_.column, targets_.width) +
           (window.row(t) + static_cast<std::size_t>(lane)) *
               static_cast<std::size_t>(targets_.width);
  }

  NumberTargets targets_;
  kernels::NumberLoss loss_;
};

}  // namespace rondo
