// Windows of pairs of sequences: a source on the first axis, its target on the second.
#pragma once

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

#include "rondo/core/window.hpp"

namespace rondo::test {

// One that lies in a lane, and where its two spans begin.
struct Pair {
  std::int64_t sequence = 0;
  int lane = 0;
  int first = 0, target_first = 0;
  int source = 1, target = 1;  // lengths
};

inline WindowAxis window_axis(int times, int lanes, int columns) {
  const auto rows = static_cast<std::size_t>(times) * static_cast<std::size_t>(lanes);
  WindowAxis axis;
  axis.times = times;
  axis.resets.assign(rows, 1);
  axis.owners.resize(rows);
  axis.tokens.assign(static_cast<std::size_t>(columns), std::vector<std::int32_t>(rows, 0));
  axis.begins.assign(static_cast<std::size_t>(lanes) + 1, 0);
  return axis;
}

inline void add_span(WindowAxis& axis, int lanes, const Span& span) {
  axis.spans.push_back(span);
  ++axis.begins[static_cast<std::size_t>(span.lane) + 1];
  for (int step = 0; step < span.length; ++step) {
    const auto at = static_cast<std::size_t>((span.first + step) * lanes + span.lane);
    axis.resets[at] = span.step + step == 0;
    axis.owners[at] = {static_cast<std::int32_t>(span.sequence), span.step + step};
  }
}

// A sequence's symbols are a function of its number: below 5 those of the source, below 6 the
// target's, of which the first input is 0 and the last target 1.
inline std::int32_t source_symbol(std::int64_t sequence, int step) {
  return static_cast<std::int32_t>((sequence * 3 + step * 2 + 1) % 5);
}
inline std::int32_t target_symbol(const Pair& pair, int step) {
  if (step < 0) return 0;
  if (step + 1 == pair.target) return 1;
  return static_cast<std::int32_t>(2 + (pair.sequence * 5 + step * 3) % 4);
}

// `taught`: the one sequence that has targets; -1: all have.
inline Window pair_window(int times, int target_times, int lanes, std::vector<Pair> pairs,
                          std::int64_t taught = -1) {
  std::ranges::sort(pairs, {}, [](const Pair& pair) {
    return std::tuple(pair.lane, pair.first, pair.target_first);
  });
  Window window;
  window.lanes = lanes;
  window.epoch = 3;
  window.axes = {window_axis(times, lanes, 1), window_axis(target_times, lanes, 2)};
  std::ranges::fill(window.axes[1].tokens[1], -1);
  for (const Pair& pair : pairs) {
    add_span(window.axes[0], lanes, {pair.sequence, pair.lane, pair.first, pair.source});
    add_span(window.axes[1], lanes, {pair.sequence, pair.lane, pair.target_first, pair.target});
    for (int step = 0; step < pair.source; ++step) {
      window.axes[0].tokens[0][static_cast<std::size_t>((pair.first + step) * lanes + pair.lane)] =
          source_symbol(pair.sequence, step);
    }
    for (int step = 0; step < pair.target; ++step) {
      const auto at = static_cast<std::size_t>((pair.target_first + step) * lanes + pair.lane);
      window.axes[1].tokens[0][at] = target_symbol(pair, step - 1);
      if (taught < 0 || taught == pair.sequence) {
        window.axes[1].tokens[1][at] = target_symbol(pair, step);
      }
    }
  }
  for (WindowAxis& axis : window.axes) {
    std::partial_sum(axis.begins.begin(), axis.begins.end(), axis.begins.begin());
  }
  return window;
}

}  // namespace rondo::test
