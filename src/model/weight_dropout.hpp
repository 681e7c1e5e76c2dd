// Weight drop (Wan et al. 2013; Merity et al. 2018 for recurrent matrices): a window does without
// each weight with probability p, at all its steps and in all lanes, and the others are scaled by
// 1 / (1 - p). In training only.
#pragma once

#include <cstdint>

#include "model/stage_identity.hpp"
#include "rondo/core/parameter_layout.hpp"

namespace rondo {

template <class Real>
class WeightDropout {
 public:
  WeightDropout(double probability, const StageIdentity& identity)
      : probability_(static_cast<float>(probability)),
        scale_(static_cast<Real>(1.0 / (1.0 - probability))),
        identity_(identity) {}

  bool drops() const { return probability_ > 0; }
  // Group `group` of unit panel `panel` of a segment, stored at `from`, as the window numbered so
  // sees it, to `to`, which may be the same memory. A gradient of what is seen becomes that of the
  // weights likewise: once, when it is that of all blocks.
  void apply(const Segment& segment, std::int64_t window, int panel, int group, const Real* from,
             Real* to) const;

 private:
  float probability_;
  Real scale_;
  StageIdentity identity_;
};

}  // namespace rondo
