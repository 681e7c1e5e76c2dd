// The keys of a decoder's attention: k = W h + b of each state h of its source (attention.hpp).
#pragma once

#include "model/linear/linear.hpp"
#include "model/own_steps.hpp"

namespace rondo {

template <class Real>
class AttentionKeys final : public Stage<Real> {
 public:
  // `goes_on`: another stage has started the gradient at `states`.
  AttentionKeys(const ParameterLayout& layout, const LinearSegments& segments,
                const Real* parameters, Activations<Real> states, Activations<Real> states_gradient,
                bool goes_on, const PassShape& pass, Allocations& memory)
      : output_(layout[segments.weights].units, pass, memory) {
    if (pass.training) gradient_ = {layout[segments.weights].units, pass, memory};
    matrix_.emplace(layout, segments, parameters,
                    LinearPlaces<Real>{.input = states,
                                       .input_gradient = states_gradient,
                                       .output = output_.view(),
                                       .output_gradient = gradient_.view(),
                                       .resumes_gradient = goes_on,
                                       .flush = true},
                    pass, memory);
    segments_ = SegmentJobs<Real>(matrix_->segment_gradients());
  }

  Activations<Real> output() { return output_.view(); }
  Activations<Real> output_gradient() { return gradient_.view(); }

  std::pair<std::size_t, std::size_t> segment_range() const override { return segments_.range(); }
  void forward(const WindowView& window, LaneRange lanes) override {
    matrix_->forward({0, window.times}, lanes);
  }
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override {
    matrix_->backward({0, window.times}, lanes);
  }
  int gradient_jobs() const override { return segments_.count(); }
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override {
    segments_.run(job, {window.times}, sums);
  }
  std::size_t final_after(int jobs) const override { return segments_.final_after(jobs); }
  int pack_jobs() const override { return matrix_->packed().pack_jobs(); }
  void pack_job(int job) override { matrix_->packed().pack_job(job); }

 private:
  OwnSteps<Real> output_, gradient_;
  std::optional<Linear<Real>> matrix_;
  SegmentJobs<Real> segments_;
};

}  // namespace rondo
