// A head that says numbers: linear outputs, and a loss of them (kernels/losses/numbers.hpp).
#pragma once

#include <span>
#include <vector>

#include "model/heads/head.hpp"
#include "model/linear/linear_products.hpp"
#include "model/packed_weights.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/losses/numbers.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Where a window has the targets: a column of numbers, NaN where one is masked.
struct NumberTargets {
  int column = 0;
  int width = 1;
};

struct NumberSegments {
  std::size_t weights, bias;
};

// Segments "output.weight" [outputs, inputs] and "output.bias" [outputs].
NumberSegments add_number_layer(ParameterLayout& layout, int outputs, int inputs);

template <class Real>
class NumberLayer final : public Head<Real> {
 public:
  NumberLayer(const ParameterLayout& layout, const NumberSegments& segments,
              const NumberTargets& targets, kernels::NumberLoss loss, const Real* parameters,
              Activations<Real> below, Activations<Real> below_gradient, const PassShape& shape,
              Allocations& memory);

  std::pair<std::size_t, std::size_t> segment_range() const override {
    return {weights_.offset, bias_.offset + bias_.size};
  }
  // Outputs and losses; in training the outputs are overwritten by their gradients.
  void forward(const WindowView& window, LaneRange lanes) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  // For each panel its weights and its bias; the biases lie, and leave, behind all weights.
  int gradient_jobs() const override { return outputs_.count(); }
  void gradient_job(int panel, const WindowView& window, const GradientSums<Real>& sums) override;
  std::size_t final_after(int jobs) const override;
  int pack_jobs() const override { return packed_.pack_jobs(); }
  void pack_job(int job) override { packed_.pack_job(job); }

  int width() const override { return outputs_.units; }
  std::uint64_t step_bytes(int lanes) const override {
    return step_distance(outputs_.step_size(lanes)) * sizeof(Real);
  }
  // A number that is given weighs 1.
  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<double> weights) override;
  double loss(int t, int lane) const override {
    return losses_[static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_) +
                   static_cast<std::size_t>(lane)];
  }
  double weight(const WindowView& window, int t, int lane) const override;
  void outputs(int t, int lane, std::span<Real> out) const override;
  const kernels::NumberLoss* number_loss() const override { return &loss_; }

 private:
  LinearProducts<Real> products() const {
    return {packed_, &bias_, parameters_, below_, below_gradient_, chain_, outputs_, lanes_};
  }
  const float* target(const WindowView& window, int t, int lane) const {
    return window.reals(targets_.column, targets_.width) +
           (window.row(t) + static_cast<std::size_t>(lane)) *
               static_cast<std::size_t>(targets_.width);
  }

  const Segment &weights_, &bias_;
  NumberTargets targets_;
  kernels::NumberLoss loss_;
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
