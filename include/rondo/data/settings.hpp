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

}  // namespace rondo
