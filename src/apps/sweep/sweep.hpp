// `rondo train --sweep`: a sweep's members, each as it would be trained alone, several side by
// side.
#pragma once

#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"

namespace rondo::apps {

// Shares the world out among groups of ranks, each of which trains one member after the other, or
// lists the members of a dry run. A member that fails does not end the others. Returns the exit
// code: that of the worst end, else 75 where a member is not finished. Collective.
int train_sweep(Communicator& world, const GivenOptions& given);

}  // namespace rondo::apps
