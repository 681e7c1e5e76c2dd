// Where a run's weights begin, if not as they are drawn. On rank 0, with a sentence of what was
// found.
#pragma once

#include "rondo/core/named_state.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

// The first parameters, "parameters/...", those of --init-from among them that fit: of another run,
// of a checkpoint, of a safetensors file. InputError where nothing fits.
template <class Real>
NamedState with_known_parameters(const Config& config, const Dataset& data,
                                 const Trainer<Real>& trainer);

// Likewise, with the word vectors of --vectors among them.
template <class Real>
NamedState with_word_vectors(const Config& config, const Dataset& data,
                             const Trainer<Real>& trainer);

}  // namespace rondo::apps
