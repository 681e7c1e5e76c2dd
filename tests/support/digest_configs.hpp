// The networks of the digest runs on texts and how they are trained: cells by their names, then
// variants.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "rondo/model/cell.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/train/config.hpp"

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
