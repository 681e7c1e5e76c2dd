// A matrix, and a bias where there is one, over the steps of an activation: y = W x + b.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/linear/linear_products.hpp"
#include "model/segment_jobs.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// Positions of its segments in the layout, one behind the other.
struct LinearSegments {
  std::size_t weights = 0;
  std::optional<std::size_t> bias;
};

// Segments "<name>.weight" [units, inputs] and "<name>.bias" [units].
LinearSegments add_linear(ParameterLayout& layout, const std::string& name, int units, int inputs,
                          bool biased, const std::string& meaning = {});

// Where its inputs and outputs lie, and where chains begin.
template <class Real>
struct LinearPlaces {
  Activations<Real> input = {}, input_gradient = {};
  // On the way back the gradient of what the products make, before what follows them.
  Activations<Real> output = {}, output_gradient = {};
  bool resumes = false;           // from what is in `output`; else from the bias, or +0
  bool resumes_gradient = false;  // from what is in `input_gradient`
  bool flush = false;             // small outputs become +0: nothing follows them
};

template <class Real>
class Linear {
 public:
  Linear(const ParameterLayout& layout, const LinearSegments& segments, const Real* parameters,
         const LinearPlaces<Real>& places, const PassShape& pass, Allocations& memory);
  Linear(const Linear&) = delete;
  Linear& operator=(const Linear&) = delete;

  void forward(TimeRange times, LaneRange lanes) const;
  // From the gradients of the outputs to that at the input.
  void backward(TimeRange times, LaneRange lanes) const;

  PackedWeights<Real>& packed() { return packed_; }
  const PackedWeights<Real>& packed() const { return packed_; }
  std::vector<const SegmentGradient<Real>*> segment_gradients() const;

 private:
  LinearProducts<Real> products(int begin) const;

  const Segment& weights_;
  const Segment* bias_;
  const Real* parameters_;
  LinearPlaces<Real> places_;
  int lanes_;
  PackedWeights<Real> packed_;
  std::vector<kernels::Stretch> chain_, outputs_chain_;
  MatrixGradient<Real> weights_gradient_;
  std::optional<VectorGradient<Real>> bias_gradient_;
};

}  // namespace rondo
