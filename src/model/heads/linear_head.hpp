// What heads with linear outputs have in common: "output.weight", "output.bias", their products and
// gradients, and a loss for each step. What the outputs mean, and so the loss, is for others to
// say.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/heads/head.hpp"
#include "model/linear/linear_products.hpp"
#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

struct OutputSegments {
  std::size_t weights, bias;
};

// Segments "output.weight" [outputs, inputs] and "output.bias" [outputs]; `meaning`: of a row.
OutputSegments add_linear_outputs(ParameterLayout& layout, int outputs, int inputs,
                                  const std::string& meaning);

// What stands below it, and where it lies.
template <class Real>
struct HeadPlaces {
  const ParameterLayout& layout;
  OutputSegments segments;
  const Real* parameters;
  Activations<Real> below, below_gradient;
};

// In training its forward() overwrites the outputs by their gradients, +0 where there is no target.
template <class Real>
class LinearHead : public Head<Real> {
 public:
  LinearHead(const HeadPlaces<Real>& places, const PassShape& shape, Allocations& memory);

  std::pair<std::size_t, std::size_t> segment_range() const final {
    return {weights_.offset, bias_.offset + bias_.size};
  }
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) final;
  // For each panel its weights and its bias; the biases lie, and leave, behind all weights.
  int gradient_jobs() const final { return outputs_.count(); }
  void gradient_job(int panel, const WindowView& window, const GradientSums<Real>& sums) final;
  std::size_t final_after(int jobs) const final;
  int pack_jobs() const final { return packed_.pack_jobs(); }
  void pack_job(int job) final { packed_.pack_job(job); }

  int width() const final { return outputs_.units; }
  std::uint64_t step_bytes(int lanes) const final {
    return step_distance(outputs_.step_size(lanes)) * sizeof(Real);
  }
  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<double> weights) final;
  double loss(int t, int lane) const final { return losses_[row(t, lane)]; }
  void outputs(int t, int lane, std::span<Real> out) const final;

 protected:
  // The outputs of some lanes at all steps of a window.
  void say(const WindowView& window, LaneRange lanes);
  // Those of a step: element units().index(lane, output, all_lanes()).
  Real* said(int t) { return said_.data() + static_cast<std::size_t>(t) * step_; }
  // Of step t of the whole window, to be filled: [lane].
  double* losses(int t) { return losses_.data() + row(t, 0); }
  const Panels& units() const { return outputs_; }
  int all_lanes() const { return lanes_; }
  bool trains() const { return training_; }
  std::size_t row(int t, int lane) const {
    return static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
           static_cast<std::size_t>(lane);
  }

 private:
  LinearProducts<Real> products() const {
    return {packed_, &bias_, parameters_, below_, below_gradient_, chain_, outputs_, lanes_};
  }

  const Segment &weights_, &bias_;
  const Real* parameters_;
  PackedWeights<Real> packed_;
  Activations<Real> below_, below_gradient_;
  Panels outputs_;
  int lanes_;
  bool training_;
  std::size_t step_;
  std::vector<kernels::Stretch> chain_, outputs_chain_;
  Buffer<Real> said_;          // [t]
  Buffer<double> losses_;      // [t of the whole window][lane]
  Buffer<double> block_loss_;  // [t][lane of a block]
};

}  // namespace rondo
