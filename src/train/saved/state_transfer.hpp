// States on their way between ranks.
#pragma once

#include "rondo/comm/communicator.hpp"
#include "rondo/core/named_state.hpp"

namespace rondo {

// Rank 0's state on every rank, arrays and texts; what other ranks pass is dropped. Collective.
NamedState broadcast_state(Communicator& world, NamedState state);

// Arrays of [own rows, ...] of every rank, joined by rows in rank order, at rank 0; all ranks pass
// the same names. Empty elsewhere. Collective.
NamedState gather_rows(Communicator& world, const NamedState& mine);

}  // namespace rondo
