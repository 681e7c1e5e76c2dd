// An encoder-decoder as two graphs: one reads sources whole, the other says a symbol of each text.
// Who drives them keeps the texts: one for each source, or as many as a search wants.
#pragma once

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// Reads columns and "lengths" as add_inputs() has them. Says the memory, where there is attention
// (memory.hpp), and the states that the decoder begins with, "layer0.hidden" [batch, units], ...
void add_encoder(Sequences& sequences);

// Reads the symbol before the one that is to be said, the end's number before the first, by the
// name of the column that is said, [batch]; the memory; where it feeds back "feeding" [batch,
// units], 0 before the first; and the layers' states. Says "attention", what these states have
// become, "logits" and "probabilities" [batch, symbols].
void add_decoder(Sequences& sequences);

}  // namespace rondo::onnx_export
