// A window of two columns of tokens, inputs and targets, from plain arrays of [time][lane].
#pragma once

#include <algorithm>
#include <cstdint>

#include "rondo/core/window.hpp"

namespace rondo::test {

struct MadeWindow {
  // Null: inputs of 0, masked targets, no resets.
  MadeWindow(int times, int lanes, const std::int32_t* inputs, const std::int32_t* targets,
             const std::uint8_t* resets, std::int64_t index = 0) {
    const auto rows = static_cast<std::size_t>(times) * static_cast<std::size_t>(lanes);
    window.index = index;
    window.lanes = lanes;
    WindowAxis& axis = window.axes[0];
    axis.times = times;
    axis.resets.resize(rows);
    axis.tokens = {std::vector<std::int32_t>(rows, 0), std::vector<std::int32_t>(rows, -1)};
    if (inputs != nullptr) std::copy_n(inputs, rows, axis.tokens[0].begin());
    if (targets != nullptr) std::copy_n(targets, rows, axis.tokens[1].begin());
    if (resets != nullptr) std::copy_n(resets, rows, axis.resets.begin());
  }
  operator WindowView() const { return {window, 0}; }

  Window window;
};

}  // namespace rondo::test
