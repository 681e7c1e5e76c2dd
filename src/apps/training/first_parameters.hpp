// Where a run's weights begin, if not as they are drawn. Rank 0 says what was found.
#pragma once

#include "rondo/core/named_state.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

// Has a trainer begin at the weights of --init-from, those that fit: of another run, of a
// checkpoint, of a safetensors file; or of --vectors, where the configuration names one of the two.
// InputError where nothing fits. Collective.
template <class Real>
void begin_as_asked(Communicator& world, const Config& config, const Dataset& data,
                    Trainer<Real>& trainer);

}  // namespace rondo::apps
