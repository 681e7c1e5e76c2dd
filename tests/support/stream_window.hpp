// A stream's window, array by array.
#pragma once

#include <algorithm>
#include <vector>

#include "rondo/data/stream_windows.hpp"

namespace rondo::test {

inline const std::vector<std::int32_t>& inputs_of(const Window& window) {
  return window.axes[0].tokens[stream_inputs];
}
inline const std::vector<std::int32_t>& targets_of(const Window& window) {
  return window.axes[0].tokens[stream_targets];
}
inline std::int64_t valid_targets_of(const Window& window) {
  return std::ranges::count_if(targets_of(window), [](std::int32_t t) { return t >= 0; });
}

}  // namespace rondo::test
