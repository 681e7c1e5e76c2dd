// The segments of a stage's parameters as the jobs that make their gradients.
#pragma once

#include <utility>
#include <vector>

#include "model/recurrent/segment_gradient.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// What a stage says of its gradients (model/stage.hpp), of segments in the order in which they are
// stored, without gaps.
template <class Real>
class SegmentJobs {
 public:
  SegmentJobs() = default;
  explicit SegmentJobs(std::vector<const SegmentGradient<Real>*> segments)
      : segments_(std::move(segments)) {}

  void add(const std::vector<const SegmentGradient<Real>*>& more) {
    segments_.insert(segments_.end(), more.begin(), more.end());
  }

  std::pair<std::size_t, std::size_t> range() const {
    if (segments_.empty()) return {0, 0};
    const Segment& last = segments_.back()->segment();
    return {segments_.front()->segment().offset, last.offset + last.size};
  }
  int count() const {
    int jobs = 0;
    for (const SegmentGradient<Real>* segment : segments_) jobs += segment->gradient_jobs();
    return jobs;
  }
  void run(int job, const TimeOrder& order, const GradientSums<Real>& sums) const {
    for (const SegmentGradient<Real>* segment : segments_) {
      const int jobs = segment->gradient_jobs();
      if (job < jobs) return segment->gradient_job(job, order, sums);
      job -= jobs;
    }
  }
  std::size_t final_after(int jobs) const {
    const auto [begin, end] = range();
    for (const SegmentGradient<Real>* segment : segments_) {
      const int own = segment->gradient_jobs();
      if (jobs < own) return segment->segment().offset - begin + segment->final_after(jobs);
      jobs -= own;
    }
    return end - begin;
  }

 private:
  std::vector<const SegmentGradient<Real>*> segments_;
};

// Of a matrix of one gate: a job makes the gradient of a panel of its units.
template <class Real>
class MatrixGradient final : public SegmentGradient<Real> {
 public:
  // `gradient`: of what comes of it, after backward().
  MatrixGradient(const Segment& weights, const WeightInput<Real>& input,
                 const Activations<Real>& gradient, int lanes)
      : weights_(weights), input_(input), gradient_(gradient), lanes_(lanes) {}

  const Segment& segment() const override { return weights_; }
  void gradient_job(int job, const TimeOrder& order,
                    const GradientSums<Real>& sums) const override {
    const Real* const gradient = gradient_.data + gradient_.panels.offset(job, lanes_);
    accumulate_weight_gradient<Real>(weights_, job, 0, input_, {&gradient, 1}, gradient_.stride,
                                     order, sums);
  }

 private:
  const Segment& weights_;
  WeightInput<Real> input_;
  Activations<Real> gradient_;
  int lanes_;
};

// Of a vector that is added to something: the sum of its gradients.
template <class Real>
class VectorGradient final : public SegmentGradient<Real> {
 public:
  VectorGradient(const Segment& vector, const Activations<Real>& gradient, int lanes)
      : vector_(vector), gradient_(gradient), lanes_(lanes) {}

  const Segment& segment() const override { return vector_; }
  void gradient_job(int job, const TimeOrder& order,
                    const GradientSums<Real>& sums) const override {
    accumulate_bias_gradient<Real>(vector_, job, 0,
                                   gradient_.data + gradient_.panels.offset(job, lanes_),
                                   gradient_.stride, order, sums);
  }

 private:
  const Segment& vector_;
  Activations<Real> gradient_;
  int lanes_;
};

}  // namespace rondo
