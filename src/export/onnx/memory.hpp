// What a decoder looks at of its source, in the graphs of an encoder and of a decoder's step.
//
// The encoder says, and the decoder reads at each of its steps,
//   "memory" [batch, time, width]   what the encoder's last layer says
//   "keys" [batch, time, units]     what scores are made of; of dot products the memory itself
// Sequences come first here, so that each step's products find them as they lie. A decoder's batch
// may be of texts that all have one source: memory, keys and lengths of a batch of one serve them.
#pragma once

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// Of `top` [time, batch, width].
void add_memory(Sequences& encoder, const Value& top);

struct Memory {
  Value states, keys;
  Value mask;  // [batch, time]: whether a step is one of its source
};

// With the input "lengths".
Memory read_memory(Sequences& decoder);

// What attention makes of the decoder's `hidden` [batch, units], [batch, units]; the output
// "attention" [batch, time], the share of each step of the source. Formulas:
// model/decoder/attention.hpp.
Value add_attention(Sequences& decoder, const Memory& memory, const Value& hidden);

}  // namespace rondo::onnx_export
