// Recurrent layers alone: what `rondo bench step` measures.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/measure.hpp"
#include "model/recurrent/recurrent_layer.hpp"
#include "rondo/model/network.hpp"

namespace rondo::apps::bench {

inline constexpr int window_times = 64;

// The block of a batch of `lanes` lanes where nobody chooses it (train/config.hpp).
int usual_block(int lanes);

// A stack of layers over an input as wide as their outputs, trained on one thread. A cell that
// projects does so to usual_projection() units.
class Layers {
 public:
  explicit Layers(const Shape& shape);

  // What whoever reads the outputs does, before each window, which uses it up.
  void set_output_gradient();
  // One window: weights packed as after an update, forward, backward down to the input's gradient,
  // and the gradients of all weights, in blocks joined by the tree.
  void window();

  // Useful operations of a window alone: 6 a weight, step and lane. Padding and gates count
  // nothing.
  double operations() const;
  // That, and what must move where no more than a time step stays in the first cache: recurrent
  // weights, a projection's among them, once a step, forward and backward; input weights once
  // forward and once backward; gradients written once, weights packed once; gates seven times and
  // other activations, of units and of what they are projected to, six times a step. Weights at the
  // bandwidth of a recurrent matrix's size, activations of all gates'.
  Roofline roofline() const;

 private:
  Shape shape_;
  NetworkPlan plan_;  // of layers alone
  int slots_ = 0, outputs_ = 0, projection_ = 0;
  ParameterLayout layout_;
  std::vector<RecurrentSegments> segments_;
  Buffer<float> parameters_, gradient_, input_, input_gradient_;
  std::vector<std::unique_ptr<RecurrentLayer<float>>> layers_;
  Window made_up_;
  std::vector<TreeNode> roots_;
};

}  // namespace rondo::apps::bench
