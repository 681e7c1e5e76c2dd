// Recurrent layers in a graph: ONNX's LSTM, GRU and RNN where they are what the cell is, else its
// step in a loop (ONNX's Scan).
#pragma once

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// Puts all layers on `below` [time, batch, width]; what the last one says, [time, batch, outputs],
// of a reversed direction behind the other's. Steps outside of sequences say anything.
Value add_layers(Sequences& sequences, Value below);

}  // namespace rondo::onnx_export
