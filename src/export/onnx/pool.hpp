// What is made of a sequence's steps.
#pragma once

#include "export/onnx/sequence.hpp"

namespace rondo::onnx_export {

// What each direction of the layers says last of a sequence, [batch, width] of `top` [time, batch,
// width]: the reversed one at the first step.
Value add_ends(Sequences& sequences, const Value& top);

// [batch, width] of `top` [time, batch, width]: by --pool. Carried states: "pool.sum", "pool.steps"
// or "pool.max", of all steps so far.
Value add_pool(Sequences& sequences, const Value& top);

}  // namespace rondo::onnx_export
