#include "tasks/stack_shape.hpp"

namespace rondo::tasks {

StackShape stack_shape(const TaskSettings& config) {
  StackShape shape;
  shape.cell = config.cell;
  shape.layers = static_cast<int>(config.layers);
  shape.hidden = static_cast<int>(config.hidden);
  shape.projection = static_cast<int>(config.projection);
  shape.residual = config.residual;
  shape.dropout_input = config.dropout_input;
  shape.dropout = config.dropout;
  shape.dropout_output = config.dropout_output;
  shape.dropout_locked = config.dropout_locked;
  shape.dropout_weights = config.dropout_weights;
  shape.zoneout = config.zoneout;
  shape.zoneout_cell = config.zoneout_cell;
  shape.trained_initial_state = config.initial_state == "trained";
  shape.activation_penalty = config.activation_penalty;
  shape.temporal_penalty = config.temporal_penalty;
  return shape;
}

}  // namespace rondo::tasks
