// What configures updates: the optimizer, the rate and its schedule, clipping, averages.
#pragma once

#include <cstdint>
#include <string>

#include "rondo/core/settings.hpp"

namespace rondo {

struct OptimizationSettings {
  std::string optimizer = "adam";
  double rate = 0.002;
  std::string schedule = "constant";
  std::int64_t warmup_steps = 0;
  double final_rate = 0.0;                        // where the cosine schedule ends
  double decay_factor = 0.5;                      // of the schedules step and plateau
  std::int64_t decay_after = 1, decay_every = 1;  // of the step schedule, in epochs
  std::int64_t decay_patience = 1;                // of the plateau schedule, in validations
  double clip_norm = 0.0;                         // 0: no clipping
  double clip_value = 0.0;                        // 0: no clipping
  double weight_decay = 0.0;
  double average = 0.0;                               // 0: none
  std::int64_t average_patience = 5;                  // asgd, in validations
  double momentum = 0.9;                              // sgd, nesterov
  double smoothing = 0.99;                            // rmsprop
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // adam
};

SettingsGroup<OptimizationSettings> optimization_settings();

// The choice that makes updates depend on validations, as "--schedule plateau"; empty for none.
std::string listening_choice(const OptimizationSettings& settings);

// Whether the run keeps an average of its weights (optim/average.hpp).
bool averages_weights(const OptimizationSettings& settings);

}  // namespace rondo
