// The memory of an activation that a stage makes.
#pragma once

#include "model/allocations.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class OwnSteps {
 public:
  OwnSteps() = default;
  // All steps of a window.
  OwnSteps(int units, const PassShape& pass, Allocations& memory)
      : stride_(step_distance(Panels{units}.step_size(pass.lanes))),
        units_(units),
        values_(memory.make<Real>(MemoryUse::activations,
                                  stride_ * static_cast<std::size_t>(pass.times))) {}

  // Without memory where there is none.
  Activations<Real> view() {
    return {values_.empty() ? nullptr : values_.data(), stride_, Panels{units_}};
  }

 private:
  std::size_t stride_ = 0;
  int units_ = 0;
  Buffer<Real> values_;
};

}  // namespace rondo
