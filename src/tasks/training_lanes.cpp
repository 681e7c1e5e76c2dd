#include "rondo/tasks/training_lanes.hpp"

namespace rondo {

LaneLayout training_lanes(const TaskSettings& config) {
  LaneLayout lanes;
  lanes.lanes = lanes.last_lane = config.lanes;
  lanes.window = config.window;
  lanes.varies = config.window_varies;
  lanes.carried = config.carries_state();
  lanes.target_window = config.target_window;
  lanes.thinning = config.thinning();
  lanes.seed = config.seed;
  return lanes;
}

}  // namespace rondo
