// The network of a language model: embedding, a stack of recurrent layers, softmax.
#pragma once

#include <cstdint>
#include <string>

#include "rondo/model/network_plan.hpp"

namespace rondo {

// What the recurrent layers of a stack have in common.
struct StackShape {
  std::string cell = "lstm";
  int layers = 1;
  int hidden = 0;         // units of a cell
  int projection = 0;     // units that it projects them to; 0: of a cell that does not
  bool residual = false;  // each layer's input is added to its output, from the second layer on
  // In training: probabilities of zeroing, of the first layer's inputs, between layers, of the
  // head's inputs, each at all time steps of a window alike or not, and of recurrent weights.
  double dropout_input = 0, dropout = 0, dropout_output = 0;
  bool dropout_locked = false;
  double dropout_weights = 0;
  double zoneout = 0, zoneout_cell = 0;  // of keeping a unit of the hidden and of the cell state
  bool trained_initial_state = false;    // where a sequence's states begin; else at zero
  double activation_penalty = 0, temporal_penalty = 0;  // weights (src/model/penalty.hpp)

  // Units of a layer's output, and of its hidden state.
  int outputs() const { return projection > 0 ? projection : hidden; }
};

// Adds a stack over `below`, with what is dropped before, between and behind its layers.
// `targets`: the column whose masked steps do not count for penalties.
Signal add_stack(NetworkPlan& plan, Signal below, const StackShape& shape, int targets);

struct ModelShape : StackShape {
  static constexpr int input_column = 0, target_column = 1;  // of a window's tokens

  int embedding = 0;
  int vocabulary = 0;
  bool tied = false;             // the output's weights are the embeddings, outputs() wide
  double dropout_embedding = 0;  // in training: of doing without a token's vector for a window
  double label_smoothing = 0;    // in training: of the loss (kernels/losses/softmax.hpp)
  std::uint64_t seed = 1;        // of the masks

  NetworkPlan plan() const;
  operator NetworkPlan() const { return plan(); }
};

}  // namespace rondo
