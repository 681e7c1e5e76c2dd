// The networks of the digest runs on whole sequences (sequence_data.hpp), and how they are trained.
#pragma once

#include <string>
#include <vector>

#include "digest_configs.hpp"

namespace rondo::test {

// Packed windows and carried states, several inputs, pooling, weights of classes, and all that is
// dropped by sequence.
inline const std::vector<Variant>& sequence_variants() {
  static const std::vector<Variant> variants = {
      {"classify-last", "lstm", [](Config&) {}},
      {"classify-mean", "gru",
       [](Config& config) {
         config.pool = "mean";
         config.class_weights = "balanced";
         config.dropout_input = config.dropout_embedding = 0.2;
         config.dropout_locked = true;
         config.initial_state = "trained";
       }},
      {"classify-max", "lstm-norm",
       [](Config& config) {
         config.pool = "max";
         config.zoneout = config.zoneout_cell = 0.2;
         config.dropout_output = 0.3;
       }},
      {"classify-attention", "gru",
       [](Config& config) {
         config.pool = "attention";
         config.dropout_output = 0.3;
       }},
      {"classify-carried", "lstm",
       [](Config& config) {
         config.state = "carried";
         config.window = 5;
         config.dropout_input = config.dropout_embedding = 0.2;
         config.dropout_locked = true;
         config.zoneout = config.zoneout_cell = 0.1;
         config.initial_state = "trained";
       }},
      {"classify-labels", "lstm",
       [](Config& config) {
         config.pool = "max";
         config.dropout_output = 0.3;
       }},
      {"classify-both", "gru",
       [](Config& config) {
         config.bidirectional = config.residual = true;
         config.dropout_weights = config.dropout_output = 0.2;
         config.zoneout = 0.1;
       }},
      {"classify-both-peephole", "lstm-peephole",
       [](Config& config) {
         config.bidirectional = true;
         config.pool = "attention";
         config.initial_state = "trained";
         config.zoneout_cell = 0.2;
       }},
      {"regress-mean", "lstm",
       [](Config& config) {
         config.pool = "mean";
         config.loss = "huber";
         config.huber_delta = 0.5;
       }},
      {"regress-steps", "gru",
       [](Config& config) {
         config.loss = "gaussian";
         config.dropout_output = 0.1;
       }},
      {"regress-quantiles", "gru",
       [](Config& config) {
         config.loss = "quantile";
         config.quantiles = "0.2,0.7";
       }},
      {"label", "lstm",
       [](Config& config) {
         config.class_weights = "balanced";
         config.label_smoothing = 0.1;
         config.dropout_output = 0.3;
       }},
      {"forecast-fresh", "gru",
       [](Config& config) {
         config.horizon = 3;
         config.look_back = 24;
         config.segment = 4;
         config.stride = 2;
         config.channels = "apart";
         config.dropout_output = 0.1;
       }},
      {"forecast-carried", "lstm",
       [](Config& config) {
         config.state = "carried";
         config.horizon = 5;
         config.subtract = "season";
         config.season = 7;
         config.loss = "gaussian";
       }},
      {"label-letters", "lstm",
       [](Config& config) {
         config.bidirectional = true;
         config.letters_hidden = 19;
         config.letters_embedding = 5;
         config.dropout_input = 0.2;
         config.zoneout = config.dropout_weights = 0.1;
         config.initial_state = "trained";
       }},
      {"pairs-none", "lstm", [](Config& config) { config.attention = "none"; }},
      {"pairs-additive", "lstm",
       [](Config& config) {
         config.attention = "additive";
         config.bidirectional = true;
         config.zoneout = 0.1;
         config.dropout_input = config.dropout_output = 0.2;
       }},
      {"pairs-feeding", "gru",
       [](Config& config) {
         config.attention = "general";
         config.bidirectional = config.input_feeding = true;
         config.dropout_input = 0.2;
         config.dropout_locked = true;
         config.label_smoothing = 0.1;
         config.validation_texts = 20;
       }},
      {"pairs-sampled", "lstm",
       [](Config& config) {
         config.attention = "dot";
         config.scheduled_sampling = 0.7;
         config.dropout_output = 0.2;
       }},
      {"captions-one", "lstm",
       [](Config& config) {
         config.attention = "none";
         config.dropout_input = config.dropout_output = 0.2;
         config.window = 4;
       }},
      {"captions-rows", "gru",
       [](Config& config) {
         config.attention = "additive";
         config.input_feeding = config.bidirectional = true;
         config.dropout_input = config.dropout_output = 0.1;
         config.validation_texts = 20;
       }},
      {"spelt-both", "lstm",
       [](Config& config) {
         config.bidirectional = true;
         config.stack_frames = 2;
         config.dropout_input = config.dropout_output = 0.2;
         config.dropout_locked = true;
       }},
      {"spelt-forward", "gru",
       [](Config& config) {
         config.zoneout = 0.1;
         config.initial_state = "trained";
       }},
      {"spelt-pyramid", "lstm",
       [](Config& config) {
         config.bidirectional = true;
         config.pyramid = 2;
         config.dropout_input = config.dropout_output = 0.2;
         config.dropout_locked = true;
       }},
      {"spelt-pyramid-of-three", "gru",
       [](Config& config) {
         config.layers = 3;
         config.pyramid = 2;
         config.zoneout = config.dropout_weights = 0.1;
         config.initial_state = "trained";
       }},
      {"spelt-augmented", "lstm",
       [](Config& config) {
         config.bidirectional = true;
         config.stack_frames = 2;
         config.mask_steps = 4;
         config.mask_features = config.shift_features = 1;
         config.noise = 0.2;
         config.stretch = 0.3;
       }},
  };
  return variants;
}

inline std::vector<std::string> sequence_variant_names() {
  std::vector<std::string> names;
  for (const Variant& variant : sequence_variants()) names.push_back(variant.name);
  return names;
}

inline Config sequence_config(const std::string& name) {
  Config config = digest_config("gru");
  config.projection = 0;
  config.hidden = 70;
  config.embedding = 9;
  config.lanes = config.eval_lanes = 22;
  config.window = 13;
  config.rate = 0.01;
  for (const Variant& variant : sequence_variants()) {
    if (variant.name != name) continue;
    config.cell = variant.cell;
    variant.change(config);
  }
  return config;
}

}  // namespace rondo::test
