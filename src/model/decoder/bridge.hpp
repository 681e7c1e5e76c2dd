// Where a decoder's lanes begin: what each direction of the encoder says last of a sequence (as
// GatherEnds has it: the units of a reversed one at the source's first step, the others at its
// last), through tanh(W x + b), at the first step of the sequence's target.
//
// Products are made of rows alone: the i-th sequence of each lane is step i of what they go
// through, and of the chains of the gradients of W and b, i descending. Small values become +0.
#pragma once

#include "model/decoder/source_spans.hpp"
#include "model/linear/linear.hpp"
#include "model/own_steps.hpp"

namespace rondo {

template <class Real>
class Bridge final : public Stage<Real> {
 public:
  // `below`: the encoder's output, on `source_axis`, whose last `reversed` units a reversed
  // direction has made. `goes_on`: another stage has started the gradient there. `pass` is of the
  // target's axis.
  Bridge(const ParameterLayout& layout, const LinearSegments& segments, const Real* parameters,
         int source_axis, int reversed, Activations<Real> below, Activations<Real> below_gradient,
         bool goes_on, const PassShape& pass, Allocations& memory);

  // At steps where no sequence begins: +0.
  Activations<Real> output() { return output_.view(); }
  // Those of other steps are not looked at.
  Activations<Real> output_gradient() { return gradient_.view(); }

  std::pair<std::size_t, std::size_t> segment_range() const override { return segments_.range(); }
  void begin_window(const WindowView& window) override;
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;
  int gradient_jobs() const override { return segments_.count(); }
  void gradient_job(int job, const WindowView&, const GradientSums<Real>& sums) override {
    segments_.run(job, {rows_}, sums);
  }
  std::size_t final_after(int jobs) const override { return segments_.final_after(jobs); }
  int pack_jobs() const override { return matrix_->packed().pack_jobs(); }
  void pack_job(int job) override { matrix_->packed().pack_job(job); }

 private:
  // Calls body(its row, first step, source, lane) for the sequences that begin in some lanes.
  template <class Body>
  void for_each_beginning(const WindowView& window, LaneRange lanes, Body body) const;
  // Calls body(below's step, position, number) for runs of what the encoder says of a source.
  template <class Body>
  void for_each_end(const SourceSpan& source, int lane, Body body) const;

  int first_reversed_, lanes_;
  bool goes_on_;
  Activations<Real> below_, below_gradient_;
  SourceSpans sources_;
  int rows_ = 1;  // of the lane that has most, at least 1
  bool nothing_begins_ = false;
  OwnSteps<Real> ends_, ends_gradient_, made_, made_gradient_;  // [row]
  OwnSteps<Real> output_, gradient_;                            // [t]
  std::optional<Linear<Real>> matrix_;
  SegmentJobs<Real> segments_;
};

}  // namespace rondo
