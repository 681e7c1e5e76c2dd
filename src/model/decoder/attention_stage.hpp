// Attention over all steps of a window: of a decoder that does not feed it back.
#pragma once

#include "model/decoder/attention.hpp"

namespace rondo {

template <class Real>
class AttentionStage final : public Stage<Real>, public AttentionWeights<Real> {
 public:
  AttentionStage(const ParameterLayout& layout, const AttentionSegments& segments,
                 const Real* parameters, const AttentionPlaces<Real>& places, const PassShape& pass,
                 int source_times, Allocations& memory)
      : attention_(layout, segments, parameters, places, pass, source_times, memory),
        segments_(attention_.segment_gradients()) {}

  Activations<Real> output() { return attention_.output(); }
  Activations<Real> output_gradient() { return attention_.output_gradient(); }

  std::pair<std::size_t, std::size_t> segment_range() const override { return segments_.range(); }
  void begin_window(const WindowView& window) override { attention_.begin_window(window); }
  void forward(const WindowView& window, LaneRange lanes) override {
    attention_.forward({0, window.times}, lanes);
  }
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override {
    attention_.begin_backward(window, lanes);
    attention_.backward({0, window.times}, lanes);
    attention_.finish_backward(window, lanes);
  }
  int gradient_jobs() const override { return segments_.count(); }
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override {
    segments_.run(job, {window.times}, sums);
  }
  std::size_t final_after(int jobs) const override { return segments_.final_after(jobs); }
  int pack_jobs() const override { return attention_.pack_jobs(); }
  void pack_job(int job) override { attention_.pack_job(job); }

  std::span<const Real> weights(int t, int lane) const override {
    return attention_.weights(t, lane);
  }

 private:
  Attention<Real> attention_;
  SegmentJobs<Real> segments_;
};

}  // namespace rondo
