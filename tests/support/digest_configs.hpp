// The networks of the digest runs and how they are trained: cells by their names, then variants.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "rondo/model/cell.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/train/config.hpp"
#include "sequence_data.hpp"

namespace rondo::test {

// A digest run beside the cells' own: a cell with what else a network may have.
struct Variant {
  std::string name, cell;
  std::function<void(Config&)> change;
};

inline std::vector<Variant> written_variants() {
  return {
      {"relu-identity", "relu", [](Config& config) { config.initialization = "identity"; }},
      {"gru-chrono", "gru",
       [](Config& config) {
         config.initialization = "glorot";
         config.chrono_span = 50;
       }},
      {"gru-residual", "gru", [](Config& config) { config.residual = true; }},
      {"gru-tied", "gru", [](Config& config) { config.tied = true; }},
      {"lstm-weights", "lstm", [](Config& config) { config.dropout_weights = 0.4; }},
      {"lstm-zoneout", "lstm",
       [](Config& config) {
         config.zoneout = 0.1;
         config.zoneout_cell = 0.4;
       }},
      {"gru-zoneout", "gru", [](Config& config) { config.zoneout = 0.2; }},
      {"gru-initial", "gru", [](Config& config) { config.initial_state = "trained"; }},
      {"lstm-peephole-initial", "lstm-peephole",
       [](Config& config) {
         config.initial_state = "trained";
         config.zoneout = config.zoneout_cell = 0.2;
       }},
      {"lstm-projected-initial", "lstm-projected",
       [](Config& config) {
         config.initial_state = "trained";
         config.zoneout = 0.2;
         config.zoneout_cell = 0.1;
       }},
      {"gru-locked", "gru",
       [](Config& config) {
         config.dropout_input = 0.2;
         config.dropout_output = 0.4;
         config.dropout_embedding = 0.1;
         config.dropout_locked = true;
         config.activation_penalty = 2;
         config.temporal_penalty = 1;
       }},
      {"gru-clipped", "gru", [](Config& config) { config.clip_value = 1e-3; }},
      {"lstm-smoothed", "lstm", [](Config& config) { config.label_smoothing = 0.1; }},
      {"gru-varies", "gru", [](Config& config) { config.window_varies = true; }},
      {"lstm-average", "lstm", [](Config& config) { config.average = 0.9; }},
      {"projected-tied", "lstm-projected",
       [](Config& config) {
         config.tied = true;
         config.residual = true;
         config.dropout_weights = 0.4;
       }},
  };
}

// Whether a run has a committed digest.
inline bool has_golden(const std::string& wanted) {
  std::ifstream file(RONDO_DIGEST_GOLDENS);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(wanted + " ")) return true;
  }
  return false;
}

// Those above, and "gru-<optimizer>", with weight decay, where there is a golden of it: to add one,
// write a line that begins with its name, and have the goldens written anew.
inline const std::vector<Variant>& digest_variants() {
  static const std::vector<Variant> variants = [] {
    std::vector<Variant> all = written_variants();
    for (const std::string& optimizer : optimizer_names()) {
      if (!has_golden("gru-" + optimizer)) continue;
      all.push_back({"gru-" + optimizer, "gru", [optimizer](Config& config) {
                       config.optimizer = optimizer;
                       config.weight_decay = 0.01;
                     }});
    }
    return all;
  }();
  return variants;
}

// The names of all digest runs: cells, then variants.
inline std::vector<std::string> digest_names() {
  std::vector<std::string> names = cell_names();
  for (const Variant& variant : digest_variants()) names.push_back(variant.name);
  return names;
}

// The configuration of a digest run of that name. The widths give every cell more parameters than
// three pieces of the reducer, matrices of several panels and segments of several chunks.
inline Config digest_config(const std::string& name) {
  Config config;
  config.cell = name;
  for (const Variant& variant : digest_variants()) {
    if (variant.name != name) continue;
    config.cell = variant.cell;
    variant.change(config);
  }
  config.layers = 2;
  const Cell<float>& cell = find_cell<float>(config.cell);
  const std::size_t gates = cell.recurrent_slots.size();
  config.hidden = cell.projects ? 331 : gates == 4 ? 251 : gates == 3 ? 263 : 449;
  config.projection = usual_projection(config.cell, static_cast<int>(config.hidden));
  config.embedding = config.tied ? 0 : 37;
  config.dropout = 0.3;
  config.lanes = 22;
  config.block = 2;
  config.window = 13;
  config.rate = 0.003;
  config.schedule = "cosine";
  config.warmup_steps = 2;
  config.clip_norm = 0.5;
  config.steps = 24;
  config.seed = 5;
  complete(config);
  return config;
}

inline constexpr std::int64_t golden_steps = 12;

// Runs on whole sequences (sequence_data.hpp): packed windows and carried states, several inputs,
// pooling, weights of classes, and all that is dropped by sequence.
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

// The wide run's. Its goldens are named after the cell, with "-wide".
inline Config wide_config(const std::string& cell) {
  Config config = digest_config(cell);
  config.hidden = 17;
  config.projection = usual_projection(cell, 17);
  config.embedding = 5;
  config.lanes = 48;
  config.eval_lanes = 48;
  config.block = 16;
  config.window = 257;
  config.steps = 4;
  return config;
}

inline constexpr std::int64_t wide_steps = 2;

}  // namespace rondo::test
