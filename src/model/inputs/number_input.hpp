// Numbers of a window's column, as activations.
#pragma once

#include "model/allocations.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class NumberInput final : public StageWithoutParameters<Real> {
 public:
  NumberInput(int column, int width, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), stride_, panels_}; }

  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView&, LaneRange, BackwardListener&) override {}

 private:
  int column_, lanes_;
  Panels panels_;
  std::size_t stride_;
  Buffer<Real> output_;  // [t]; its padding stays +0
};

}  // namespace rondo
