// What configures batches.
#pragma once

#include <cstdint>

#include "rondo/core/settings.hpp"

namespace rondo {

struct BatchSettings {
  std::int64_t lanes = 32;
  std::int64_t block = 0;  // 0: the largest divisor of `lanes` not above 16
  std::int64_t window = 64;
  bool window_varies = false;
  std::int64_t eval_lanes = 0;  // 0: as `lanes`
};

SettingsGroup<BatchSettings> batch_settings();

// How numbers that are read are altered in training: data/augmented_sequences.hpp.
struct AugmentationSettings {
  std::int64_t mask_steps = 0;      // most steps of a stretch of time that is masked
  std::int64_t mask_features = 0;   // most neighbouring numbers of a step likewise
  std::int64_t shift_features = 0;  // most places that a sequence's numbers are moved
  double noise = 0;                 // deviations
  double stretch = 0;               // of time: up to a factor of 1 + this

  bool augments() const {
    return mask_steps > 0 || mask_features > 0 || shift_features > 0 || noise > 0 || stretch > 0;
  }
};

SettingsGroup<AugmentationSettings> augmentation_settings();

}  // namespace rondo
