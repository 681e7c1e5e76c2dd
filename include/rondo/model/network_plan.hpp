// A network as a list of stages over named signals, before it is built: a small static graph
// without automatic differentiation.
//
// A stage reads signals that stages before it have made, and makes at most one. Where a signal has
// several readers, the last in the list starts its gradient, and the others go on from there. What
// is to be known of a network (its parameters, how they begin, its memory, its work) its stages are
// asked for; a plan is the same for float and double, for training and evaluation, for any lanes.
// Adding a kind of stage: its class, and a file in src/model/plans/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/core/thinning.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo {

class StagePlan;

// What a stage makes: activations of `width` units at each step of an axis.
struct Signal {
  int number = -1;
  int width = 0;
  // Of these, the last ones, which a reversed direction has made: what it says of a whole sequence
  // stands at the sequence's first step, what the others say at its last.
  int reversed = 0;
  int axis = 0;  // of the window, whose steps they are
};

// A recurrent layer.
struct RecurrentShape {
  std::string cell = "lstm";
  int hidden = 0;             // units of the cell
  int projection = 0;         // units that it projects them to; 0: of a cell that does not
  double weight_dropout = 0;  // in training: probability of losing a recurrent weight,
  double zoneout = 0, zoneout_cell = 0;  // of keeping a unit of the hidden and of the cell state
  bool trained_initial_state = false;    // where a sequence's states begin; else at zero
  bool bidirectional = false;  // beside it, another goes from a window's last step to its first
  std::string stack = "rnn";   // whose layers are counted, and called after it

  // Units of its output, and of its hidden state; of each direction.
  int outputs() const { return projection > 0 ? projection : hidden; }
};

// How a decoder looks at its source: not at all, or by scores of its states
// (src/model/decoder/attention.hpp).
enum class AttentionKind : std::uint8_t { none, dot, general, additive };

// A decoder: recurrent layers, and what looks at the encoder.
struct DecoderShape {
  // Of each layer; it goes forward alone.
  RecurrentShape layer{.stack = "decoder.rnn"};
  int layers = 1;
  double dropout_input = 0, dropout = 0;  // before the first layer, and between layers
  bool dropout_locked = false;
  AttentionKind attention = AttentionKind::additive;
  int attention_units = 0;  // of additive scores; 0: as many as the layers' outputs
  // What attention makes of a step is, beside the target's, the next one's input.
  bool feeding = false;
};

enum class PenaltyKind : std::uint8_t { activation, temporal };

// How the steps of a sequence become one: what a head reads at its last step.
enum class Pooling : std::uint8_t { last, mean, maximum, attention };

// Where the states of a recurrent layer begin; none: elsewhere.
struct InitialSignals {
  Signal hidden = {}, cell = {};  // the cell's where the layer has one
};

// A column of tokens by whose table of vectors a network begins.
struct TokenTable {
  int column = 0;  // of the window, on the axis
  int rows = 0;
  int width = 0;
  std::size_t segment = 0;  // in the layout
  int axis = 0;
  bool shared = false;  // another axis's tokens touch it, too
};

// A state that lanes carry from window to window.
struct CarriedArray {
  std::string name;  // "rnn.hidden_l0"
  int units = 0;
};

class NetworkPlan {
 public:
  // `seed`: of the masks.
  explicit NetworkPlan(std::uint64_t seed = 1) : seed_(seed) {}

  // Vectors of a window's tokens: "embedding.weight" [rows, width], further ones
  // "embedding_1.weight", ... `dropout`: probability of doing without a row for a whole window.
  Signal embedding(int column, int rows, int width, double dropout = 0, int axis = 0);
  // Vectors of another column of tokens, on another axis, from an embedding's table, which is
  // learned from both.
  Signal same_table(Signal table, int column, double dropout = 0, int axis = 1);
  // A window's column of numbers, `width` a step.
  Signal numbers(int column, int width);
  // Signals side by side, of one axis.
  Signal side_by_side(const std::vector<Signal>& signals);
  // Zeroes units with `probability`, at all time steps of a window alike where it is `locked`. The
  // one reader of its signal.
  Signal dropout(Signal below, double probability, bool locked);
  // On an axis that is thinned once more (core/thinning.hpp): of `factor` neighbouring steps of a
  // sequence the signals side by side, the earliest first, what lacks in its last one +0. All of a
  // network's factors are one, 2 or more.
  Signal join_steps(Signal below, int factor);
  // "rnn.weight_ih_l<k>", ..., k counting the layers, and "rnn.weight_ih_l<k>_reverse", ..., whose
  // output then stands beside the other's; `residual`: its input, as wide as its output, is added
  // to it. On the first axis its state is carried. InputError where the cell projects and the shape
  // does not, or the other way round.
  // `initial`: where sequences begin, signals of `below`'s axis that nobody else reads.
  Signal recurrent(Signal below, const RecurrentShape& shape, bool residual = false,
                   const InitialSignals& initial = {});
  // A decoder of `encoder`, what is made of the source's axis, along the axis of `target`, whose
  // spans are pairs of the source's, in their order. Each layer's states begin with what the
  // encoder says last, through "bridge.hidden_l<k>.weight", ".bias", "bridge.cell_l<k>...."
  // (src/model/decoder/bridge.hpp); "decoder.rnn.weight_ih_l<k>", ...; attention has "attention.*",
  // and makes what the decoder says, as wide as its layers. InputError where dot products would be
  // of two widths, or where nothing is there to feed.
  Signal decoder(Signal encoder, Signal target, const DecoderShape& shape);
  // On the first axis, at the step that a span of the signal's axis belongs to: what each direction
  // says of the span. Steps that no span belongs to have +0.
  Signal gather_ends(Signal below);
  // Adds to the gradient at a signal (src/model/penalty.hpp); steps whose `targets` are masked do
  // not count.
  void penalty(Signal of, PenaltyKind kind, double weight, int targets);
  // At a sequence's last step, what its steps say together, or `last`: each direction's last state.
  // Attention has parameters: "pool.weight" [width, width], "pool.bias", "pool.score" [1, width]
  // (src/model/heads/attention_pool.hpp).
  Signal pool(Signal below, Pooling pooling);
  // A head: classes of the window's column `targets`, by softmax and cross-entropy.
  // "output.weight" [classes, width], "output.bias". `smoothing`: of the labels in training.
  // `weights`: of the classes, none: 1 each. Tied: the weights are the table of an embedding, of
  // either of its uses.
  void softmax(Signal below, int targets, int classes, double smoothing = 0,
               std::vector<double> weights = {}, Signal tied_to = {});
  // A head: labels of the window's column `targets` (core/labels.hpp), by a logistic function and
  // binary cross-entropy each. The same parameters.
  void logistic(Signal below, int targets, int labels);
  // A head: lists of `symbols` that steps spell, by connectionist temporal classification
  // (src/model/heads/ctc_layer.hpp). `targets`: the column of the second axis's tokens, whose spans
  // are pairs of the signal's. The same parameters, of the symbols and, as the last class, the
  // blank.
  void ctc(Signal below, int targets, int symbols);
  // A head: `width` numbers of the window's column of numbers `targets`, NaN where one is masked,
  // each of which weighs 1. "output.weight" [width * loss.parts(), width of the signal],
  // "output.bias".
  void regression(Signal below, int targets, int width, const kernels::NumberLoss& loss);

  std::uint64_t seed() const { return seed_; }
  const std::vector<std::shared_ptr<StagePlan>>& stages() const { return stages_; }
  int signals() const { return signals_; }

  ParameterLayout layout() const;
  // Elements of a gradient buffer: the parameters', and behind them what is reduced apart before it
  // is added to theirs (the gradient of a tied matrix's second use).
  std::size_t gradient_size() const;
  // Multiply-adds of the forward pass of one step of an axis: elements of all matrices that it
  // multiplies.
  std::int64_t weights_per_step(int axis = 0) const;
  // Useful floating-point operations of training on one step, 6 a weight, and on its steps of the
  // second axis: `second`, in the mean, and its shares of thinned ones.
  double training_flops_per_step(double second = 0) const;
  // The axes behind the first two.
  const Thinning& thinning() const { return thinning_; }
  std::vector<TokenTable> tables() const;
  std::vector<CarriedArray> carried() const;

 private:
  Signal make(int width, int axis) { return {signals_++, width, 0, axis}; }
  // The stage whose table a signal is made by; -1: none.
  int table_stage(Signal signal) const;
  template <class Plan, class... Arguments>
  Plan& add(Arguments&&... arguments);

  std::uint64_t seed_;
  std::vector<std::shared_ptr<StagePlan>> stages_;
  int signals_ = 0, tables_ = 0;
  Thinning thinning_;
  std::map<std::string, int> layers_;  // of each stack
  std::map<int, int> same_tables_;     // of signals of a table's second use: the first's
};

}  // namespace rondo
