// How a run's training is laid out in lanes, as its settings say.
#pragma once

#include "rondo/data/batcher.hpp"
#include "rondo/tasks/settings.hpp"

namespace rondo {

// All lanes of a run in training.
LaneLayout training_lanes(const TaskSettings& config);

}  // namespace rondo
