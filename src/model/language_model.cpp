#include "rondo/model/language_model.hpp"

namespace rondo {

Signal add_stack(NetworkPlan& plan, Signal below, const StackShape& shape, int targets) {
  RecurrentShape layer;
  layer.cell = shape.cell;
  layer.hidden = shape.hidden;
  layer.projection = shape.projection;
  layer.weight_dropout = shape.dropout_weights;
  layer.zoneout = shape.zoneout;
  layer.zoneout_cell = shape.zoneout_cell;
  layer.trained_initial_state = shape.trained_initial_state;
  Signal signal = below;
  for (int i = 0; i < shape.layers; ++i) {
    signal =
        plan.dropout(signal, i == 0 ? shape.dropout_input : shape.dropout, shape.dropout_locked);
    signal = plan.recurrent(signal, layer, shape.residual && i > 0);
  }
  plan.penalty(signal, PenaltyKind::temporal, shape.temporal_penalty, targets);
  signal = plan.dropout(signal, shape.dropout_output, shape.dropout_locked);
  plan.penalty(signal, PenaltyKind::activation, shape.activation_penalty, targets);
  return signal;
}

NetworkPlan ModelShape::plan() const {
  NetworkPlan plan(seed);
  const Signal table = plan.embedding(input_column, vocabulary, embedding, dropout_embedding);
  const Signal top = add_stack(plan, table, *this, target_column);
  plan.softmax(top, target_column, vocabulary, label_smoothing, {}, tied ? table : Signal{});
  return plan;
}

}  // namespace rondo
