// Recurrent layers in a graph: ONNX's LSTM, GRU and RNN where they are what the cell is, else its
// step in a loop (ONNX's Scan).
#pragma once

#include <cstdint>
#include <string>

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// Layers one on another, whose parameters are called "<name>.weight_ih_l0" and so on.
struct Stack {
  std::string name = "rnn";
  std::int64_t layers = 1;
  bool bidirectional = false, residual = false;
};

// That of a network which has one alone.
Stack only_stack(const Config& config);

// Puts all layers on `below` [time, batch, width]; what the last one says, [time, batch, outputs],
// of a reversed direction behind the other's. Steps outside of sequences say anything.
Value add_layers(Sequences& sequences, const Stack& stack, Value below);

}  // namespace rondo::onnx_export
