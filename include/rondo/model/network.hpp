// A network: the stages of a plan, built for some lanes.
//
// Parameters live outside, in one buffer of the model's layout, so that a training network and an
// evaluating one (other lanes, no gradients) share them. All work is spread over a thread pool:
// forward and backward by lanes, gradients and packing by jobs. No bit depends on the spread, nor
// on how many of a rank's lanes are worked on at a time: a window may be taken in parts, each
// forward, backward through all stages, and carried, before the next.
//
// A network in training may go through a long window in pieces (PassShape::window): forward() keeps
// the state at the beginning of each alone, and backward() through the last stage works on them
// from the last to the first, each forward once more and then back through all stages. The same
// bits, with the activations of one piece in memory. Then each root of its gradient sums is one
// block, and no stage couples steps but recurrent layers that go forward in time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/kernels/losses/numbers.hpp"
#include "rondo/model/network_plan.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// How a model's parameters begin. Embeddings are standard normal, tied ones uniform in
// +-1/sqrt(their width), peepholes in +-1/sqrt(hidden), gains 1, biases and initial states 0,
// whatever the rule; matrices, by `rule`:
//   uniform      PyTorch's default: uniform in +-1/sqrt(hidden), a head's and attention's
//   +-1/sqrt(its
//                inputs)
//   glorot       uniform in +-sqrt(6 / (units + inputs)), gate by gate (Glorot & Bengio 2010)
//   orthogonal   recurrent ones orthogonal gate by gate (Saxe et al. 2014), others as glorot; with
//                a projection, its rows and the recurrent gates' columns are orthonormal
//   identity     recurrent ones the identity, others normal with deviation 0.001 (IRNN, Le et al.
//                2015): for cells of one gate, relu above all
struct Initialization {
  std::string rule = "uniform";
  double forget_bias = 1.0;  // first bias of the gate that keeps an LSTM's cell
  // The longest span of dependencies that is expected, in time steps; 0: none is. The gate that
  // keeps the state starts at the bias log(u), u uniform in [1, span - 1), and the gate that writes
  // to it, where there is one, at -log(u) (chrono initialization, Tallec & Ollivier 2018).
  std::int64_t chrono_span = 0;
  std::uint64_t seed = 1;
};

// Draws initial parameters by logical index (core/random.hpp). InputError for a rule that there is
// not, or that does not go with the cell.
template <class Real>
void initialize(const NetworkPlan& plan, const ParameterLayout& layout,
                const Initialization& initialization, std::span<Real> parameters);
std::vector<std::string> initialization_names();
// Whether a rule goes with cells of one gate alone (Cell::is_gated). InputError for an unknown one.
bool is_for_one_gate(const std::string& initialization);

// Draws all parameters, biases and embeddings too, uniformly from [-range, range), as Zaremba et
// al. 2014; but gains are 1, and initial states 0.
template <class Real>
void initialize_within(const ParameterLayout& layout, double range, std::uint64_t seed,
                       std::span<Real> parameters);

struct NetworkBytes {
  std::uint64_t activations =
      0;  // and their gradients, of the lanes side by side; logits among them
  std::uint64_t logits = 0;
  std::uint64_t carried = 0;  // states between windows
  std::uint64_t weights = 0;  // transposes
  std::uint64_t total() const { return activations + carried + weights; }
};

template <class Real>
class Network {
 public:
  // `layout` is the plan's, `parameters` a buffer of it; both outlive the network.
  Network(const NetworkPlan& plan, const ParameterLayout& layout, const Real* parameters,
          const PassShape& pass);
  ~Network();

  // Renews what is derived from the parameters: before the first window, and after each update.
  void pack(ThreadPool& pool);
  // Losses (and in training the gradient at the logits) of a window.
  void forward(const WindowView& window, ThreadPool& pool);
  // Decoding (PassShape::stepwise): the stages of one axis alone. First the source's; then, as
  // often as is asked for, the target's, whose window is a step: reset bits where hypotheses begin,
  // a span of one step for each lane that has one, whose number is its source's and whose `step`
  // its own, from 0. What the layers leave is carried.
  void forward_axis(int axis, const WindowView& window, ThreadPool& pool);
  // Between two such steps, or, of a network of one axis, between two windows: on the last axis
  // lane l goes on from what lane from[l] has left; of all lanes.
  void reorder(std::span<const int> from);
  // After a forward pass, of a decoder's step: the weights of its attention, one a position of its
  // source. Empty without attention, and outside of spans.
  std::span<const Real> attention(int t, int lane) const;

  // Stages that are differentiated, in forward order.
  int stages() const;
  // A stage's range of the parameter buffer; empty for a stage without parameters.
  std::pair<std::size_t, std::size_t> stage_range(int stage) const;
  // Backward through one stage: call from the last stage to the first. Afterwards the stage's range
  // of each gradient buffer holds the sums over valid targets, and `listener` has heard of all of
  // it.
  void backward(int stage, const WindowView& window, const GradientSums<Real>& sums,
                ThreadPool& pool, BackwardListener& listener);

  // Has `watcher`, which outlives it, hear of each way back from now on.
  void watch(GradientWatcher& watcher);

  // Once a window's gradient is that of all blocks: masks it where weights were dropped, and adds
  // up the gradients of a matrix's two uses, the output's first. `gradient`, of gradient_size(),
  // then begins with the gradient of each parameter.
  void finish_gradient(std::int64_t window, std::span<Real> gradient, ThreadPool& pool) const;

  // Per block of `block` lanes, after forward(): loss in nats, weight of valid targets (their
  // number, where none has a weight of its own). Of several heads: losses together, the first one's
  // weights.
  void block_losses(const WindowView& window, int block, std::span<double> losses,
                    std::span<double> weights);
  // The first head's axis of windows, whose steps are meant in what follows.
  int head_axis() const;
  // The first head's, after forward() of a network that does not train: how many values it says at
  // a step, those of a lane at time t, and the loss and the weight of a valid target there.
  int outputs() const;
  void outputs(int t, int lane, std::span<Real> out) const;
  double loss(int t, int lane) const;
  double weight(const WindowView& window, int t, int lane) const;
  // After forward() with PassShape::keeps_likeliest: the class that the first head finds likeliest
  // of a lane at time t, the first of equals.
  std::int32_t likeliest(int t, int lane) const;
  // The loss of the numbers that the first head says; null where it says classes.
  const kernels::NumberLoss* number_loss() const;

  void carry(const WindowView& window);
  void clear_state();
  int reset_non_finite();
  // The carried state of this network's lanes as arrays [lanes, units]: prefix + "rnn.hidden_l0"...
  void save_state(const std::string& prefix, NamedState& state) const;
  void load_state(const std::string& prefix, const NamedState& state, std::int64_t first_lane,
                  std::int64_t all_lanes);

  // Bytes that a network of this plan allocates, known without building it.
  static NetworkBytes bytes(const NetworkPlan& plan, const PassShape& pass);
  // Bytes of what its heads say at one time step of `lanes` lanes.
  static std::uint64_t logit_bytes(const NetworkPlan& plan, int lanes);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
