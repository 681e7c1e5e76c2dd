// What configures a network: its layers, what regularises it, and how its weights begin.
#pragma once

#include <cstdint>
#include <string>

#include "rondo/core/settings.hpp"
#include "rondo/core/thinning.hpp"

namespace rondo {

struct NetworkSettings {
  std::string cell = "lstm";
  std::int64_t layers = 1;
  std::int64_t hidden = 256;
  std::int64_t projection = 0;  // units that a cell projects them to; 0: of one that does not
  std::int64_t embedding = 0;   // 0: as a layer's output
  bool tied = false;            // one matrix for embeddings and output
  bool frozen_vectors = false;  // the embedding of words stays as it was given
  bool bidirectional = false;   // each layer goes through a sequence from both its ends
  bool residual = false;        // from the second layer on, a layer's input is added to its output
  std::int64_t pyramid = 1;     // a layer's steps that are one of the layer's above
  double dropout = 0.0;         // between layers, probability of zeroing
  double dropout_input = 0.0;
  double dropout_output = 0.0;
  double dropout_embedding = 0.0;
  double dropout_weights = 0.0;
  bool dropout_locked = false;
  double zoneout = 0.0;
  double zoneout_cell = 0.0;  // LSTM
  double activation_penalty = 0.0;
  double temporal_penalty = 0.0;
  double label_smoothing = 0.0;

  std::string initialization = "uniform";  // of the matrices
  double forget_bias = 1.0;                // LSTM
  std::int64_t chrono_span = 0;            // 0: none is expected
  double initial_range = 0.0;              // 0: as `initialization` says
  std::string initial_state = "zero";      // of documents
  std::string precision = "float";

  // Units of a layer's output, and of its hidden state; of each direction.
  std::int64_t outputs() const { return projection > 0 ? projection : hidden; }
  // How time grows shorter between the layers.
  Thinning thinning() const {
    if (pyramid == 1) return {};
    return {static_cast<int>(pyramid), static_cast<int>(layers) - 1};
  }
};

// From `cell` on, and from `initialization` on: in --help a task's keys stand between them.
SettingsGroup<NetworkSettings> network_settings();
SettingsGroup<NetworkSettings> first_value_settings();

}  // namespace rondo
