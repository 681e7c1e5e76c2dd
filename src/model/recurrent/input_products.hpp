// The products of a recurrent layer's gates with its input: for a few steps at once, or, of an
// embedding, once for each different token of the window; and backward to the gradient at the
// input.
#pragma once

#include <optional>
#include <vector>

#include "model/packed_weights.hpp"
#include "model/recurrent/layer_shape.hpp"
#include "model/recurrent/token_products.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// Time steps whose products with the input's weights are made together: enough rows, (time, lane),
// to reuse each piece of weights while the next one is fetched, few enough for their gates to be
// in the second cache still when the recurrent steps, before or after, work on them.
int steps_together(LaneRange lanes);

template <class Real>
class InputProducts {
 public:
  // `gradient_start`: where the chains of the gradient at the input begin. `tokens`: the different
  // tokens of each window, if the input is an embedding that lists them. `goes_on`: the chains go
  // on from those of another input, which are in the gates.
  InputProducts(const LayerShape<Real>& shape, const Segment& weights, const Segment& bias,
                const Real* parameters, Activations<Real> below, Activations<Real> below_gradient,
                kernels::Start gradient_start, const DistinctRows<Real>* tokens,
                const PassShape& pass, Allocations& memory, bool goes_on = false);

  // The chains over the input of all slots that have one, at those times; but where this window's
  // are made once a token, only of the slots that do not go on to the hidden state.
  // `before`: of chains that go on from another input's, this window's made once a token.
  void forward(TimeRange times, LaneRange lanes, const VectorSteps<Real>& gates,
               const TokenProducts<Real>* before = nullptr) const;
  // Of those times' gradients at the gates; nothing where nobody asks for them.
  void backward(TimeRange times, LaneRange lanes, const VectorSteps<Real>& gates,
                BackwardListener& listener) const;

  // This window's products made once a token; null: they are not.
  const TokenProducts<Real>* tokens() const {
    return token_products_ && token_products_->listed() ? &*token_products_ : nullptr;
  }
  // Makes them, by jobs in any order, on any threads.
  int token_jobs() const { return token_products_ ? shape_.units.count() : 0; }
  void token_job(int job);

  PackedWeights<Real>& packed() { return packed_; }
  const PackedWeights<Real>& packed() const { return packed_; }
  // What the weights are multiplied with.
  WeightInput<Real> source() const { return {chain_, below_.data, below_.stride}; }

 private:
  // The products of unit panel j, but for their source and place.
  kernels::Product<Real> product_of(int j, int gate) const;
  bool goes_on(int slot) const;

  LayerShape<Real> shape_;
  const Segment& bias_;
  const Real* parameters_;
  Activations<Real> below_, below_gradient_;
  kernels::Start start_, gradient_start_;
  std::vector<kernels::Stretch> chain_,
      gates_chain_;  // forward over the input, backward over gates
  PackedWeights<Real> packed_;
  std::optional<TokenProducts<Real>> token_products_;
};

// Where the chains of a cell's gates begin: one that normalises adds its biases later.
template <class Real>
kernels::Start chain_start(const Cell<Real>& cell) {
  return cell.normalized > 0 ? kernels::Start::zero : kernels::Start::bias;
}

}  // namespace rondo
