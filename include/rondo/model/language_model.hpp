// The network of a language model: embedding, a stack of recurrent layers, softmax.
#pragma once

#include <cstdint>
#include <string>

#include "rondo/model/network_plan.hpp"
#include "rondo/model/settings.hpp"

namespace rondo {

// What each layer of a stack is.
RecurrentShape layer_of(const NetworkSettings& settings);

// Adds a stack over `below`, with what is dropped before, between and behind its layers, and whose
// steps are joined before they are dropped.
// `targets`: the column whose masked steps do not count for penalties. `stack`: whose layers they
// are, by name.
Signal add_stack(NetworkPlan& plan, Signal below, const NetworkSettings& settings, int targets,
                 const std::string& stack = "rnn");

// Of complete settings.
struct ModelShape : NetworkSettings {
  static constexpr int input_column = 0, target_column = 1;  // of a window's tokens

  int vocabulary = 0;
  std::uint64_t seed = 1;  // of the masks

  NetworkPlan plan() const;
  operator NetworkPlan() const { return plan(); }
};

}  // namespace rondo
