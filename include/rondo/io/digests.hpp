// What identifies a checkpoint's content (src/README.md): 64 hexadecimal characters.
#pragma once

#include <string>

#include "rondo/core/named_state.hpp"

namespace rondo {

// Over all parameters ("parameters/..."), the prefix cut from the names: two runs that computed the
// same weights have the same digest, whatever else their checkpoints hold.
std::string parameter_digest(const NamedState& state);

// Over all that the next step depends on, under full names: parameters/, optimizer/, lanes/,
// counters/.
std::string state_digest(const NamedState& state);

}  // namespace rondo
