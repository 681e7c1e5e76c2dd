#include "rondo/model/language_model.hpp"

namespace rondo {

RecurrentShape layer_of(const NetworkSettings& settings) {
  RecurrentShape layer;
  layer.cell = settings.cell;
  layer.hidden = static_cast<int>(settings.hidden);
  layer.projection = static_cast<int>(settings.projection);
  layer.weight_dropout = settings.dropout_weights;
  layer.zoneout = settings.zoneout;
  layer.zoneout_cell = settings.zoneout_cell;
  layer.trained_initial_state = settings.initial_state == "trained";
  layer.bidirectional = settings.bidirectional;
  return layer;
}

Signal add_stack(NetworkPlan& plan, Signal below, const NetworkSettings& settings, int targets,
                 const std::string& stack) {
  RecurrentShape layer = layer_of(settings);
  layer.stack = stack;
  Signal signal = below;
  for (int i = 0; i < settings.layers; ++i) {
    if (i > 0 && settings.pyramid > 1) {
      signal = plan.join_steps(signal, static_cast<int>(settings.pyramid));
    }
    signal = plan.dropout(signal, i == 0 ? settings.dropout_input : settings.dropout,
                          settings.dropout_locked);
    signal = plan.recurrent(signal, layer, settings.residual && i > 0);
  }
  plan.penalty(signal, PenaltyKind::temporal, settings.temporal_penalty, targets);
  signal = plan.dropout(signal, settings.dropout_output, settings.dropout_locked);
  plan.penalty(signal, PenaltyKind::activation, settings.activation_penalty, targets);
  return signal;
}

NetworkPlan ModelShape::plan() const {
  NetworkPlan plan(seed);
  const Signal table =
      plan.embedding(input_column, vocabulary, static_cast<int>(embedding), dropout_embedding);
  const Signal top = add_stack(plan, table, *this, target_column);
  plan.softmax(top, target_column, vocabulary, label_smoothing, {}, tied ? table : Signal{});
  return plan;
}

}  // namespace rondo
