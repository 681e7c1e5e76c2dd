// The gradients of the matrices and biases that make a layer's gates.
#pragma once

#include <vector>

#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/segment_gradient.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// Of a matrix: a job makes, for a unit panel, those of several gates.
template <class Real>
class GatesGradient final : public SegmentGradient<Real> {
 public:
  // `slots`: of each of the matrix's gates; `gradients`: at the slots, after backward().
  GatesGradient(const Segment& weights, const std::vector<int>& slots,
                const WeightInput<Real>& input, const VectorSteps<Real>& gradients)
      : weights_(weights), slots_(slots), input_(input), gradients_(gradients) {}

  const Segment& segment() const override { return weights_; }
  int gradient_jobs() const override { return gradients_.units.count() * jobs_of_panel(); }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;
  std::size_t final_after(int jobs) const override;

 private:
  int gates_together() const;
  int jobs_of_panel() const;

  const Segment& weights_;
  const std::vector<int>& slots_;
  WeightInput<Real> input_;
  VectorSteps<Real> gradients_;
};

// Of the biases, one a unit for each vector.
template <class Real>
class BiasGradient final : public SegmentGradient<Real> {
 public:
  BiasGradient(const Segment& bias, const VectorSteps<Real>& gradients)
      : bias_(bias), gradients_(gradients) {}

  const Segment& segment() const override { return bias_; }
  void gradient_job(int job, const TimeOrder& order, const GradientSums<Real>& sums) const override;

 private:
  const Segment& bias_;
  VectorSteps<Real> gradients_;
};

}  // namespace rondo
