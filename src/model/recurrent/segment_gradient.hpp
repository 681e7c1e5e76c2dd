// A segment of a layer's parameters, and the jobs that make its gradient.
#pragma once

#include <cstddef>

#include "model/recurrent/time_order.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Jobs are in the order in which the segment is stored, a panel of its units each, unless one
// says otherwise.
template <class Real>
class SegmentGradient {
 public:
  virtual ~SegmentGradient() = default;

  virtual const Segment& segment() const = 0;
  virtual int gradient_jobs() const { return Panels{segment().units}.count(); }
  // After backward() of all lanes, which went through the window in that order.
  virtual void gradient_job(int job, const TimeOrder& order,
                            const GradientSums<Real>& sums) const = 0;
  // How far the segment is final, in elements from its beginning, when jobs 0 .. jobs - 1, not all
  // of them, have been done.
  virtual std::size_t final_after(int jobs) const { return segment().panel(jobs, 0); }
};

}  // namespace rondo
