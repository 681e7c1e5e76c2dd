// Numbers of a window's column, as activations.
#pragma once

#include "model/allocations.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class NumberInput final : public Stage<Real> {
 public:
  NumberInput(int column, int width, const PassShape& shape, Allocations& memory);

  Activations<Real> output() { return {output_.data(), stride_, panels_}; }

  std::pair<std::size_t, std::size_t> segment_range() const override { return {0, 0}; }
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView&, LaneRange, BackwardListener&) override {}
  int gradient_jobs() const override { return 0; }
  std::size_t final_after(int) const override { return 0; }
  void gradient_job(int, const WindowView&, const GradientSums<Real>&) override {}

 private:
  int column_, lanes_;
  Panels panels_;
  std::size_t stride_;
  Buffer<Real> output_;  // [t]; its padding stays +0
};

}  // namespace rondo
