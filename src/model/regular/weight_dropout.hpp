// Weight drop (Wan et al. 2013; Merity et al. 2018 for recurrent matrices): a window does without
// each weight with probability p, at all its steps and in all lanes, and the others are scaled by
// 1 / (1 - p). In training only.
#pragma once

#include <cstdint>

#include "model/allocations.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/parameter_layout.hpp"

namespace rondo {

// Of one matrix. Where nothing is dropped, it has no jobs, and what a window sees are the weights.
template <class Real>
class WeightDropout {
 public:
  WeightDropout(const Segment& weights, const Real* parameters, double probability,
                const StageIdentity& identity, bool training, Allocations& memory);

  bool drops() const { return drops_; }
  // The matrix as a window sees it, at one place for all windows.
  const Real* seen() const { return drops_ ? seen_.data() : stored_; }
  // Makes it for the window numbered so, by jobs in any order, on any threads.
  int jobs() const;
  void draw(int job, std::int64_t window);
  // Makes of the gradient of what that window has seen, once it is that of all blocks, that of the
  // weights. `gradient`: of all parameters.
  void mask(int job, std::int64_t window, Real* gradient) const;

 private:
  void apply(int job, std::int64_t window, const Real* from, Real* to) const;

  const Segment& weights_;
  bool drops_;
  float probability_;
  Real scale_;
  StageIdentity identity_;
  const Real* stored_;
  Buffer<Real> seen_;
};

}  // namespace rondo
