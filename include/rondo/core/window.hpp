// What a batcher hands to a network: the columns of a window, for the lanes of one rank.
//
// A window has one axis of time steps or several (the steps of a source, and those of a target),
// whose lanes are the same. On each axis lie columns: tokens, numbers. Which column is what is the
// task's business; a stage is told the number of the column that it reads.
#pragma once

#include <cstdint>
#include <vector>

namespace rondo {

// Where a whole sequence lies in a window.
struct Span {
  std::int64_t sequence = 0;  // its number in its split
  std::int32_t lane = 0;      // of this rank
  std::int32_t first = 0;     // time step
  std::int32_t length = 0;    // time steps, at least 1

  std::int32_t last() const { return first + length - 1; }
};

// Arrays of rows [time][lane].
struct WindowAxis {
  int times = 0;
  std::vector<std::uint8_t> resets;  // 1: the state before this step is a fresh one
  // Columns: what no lane has there is 0; a target is -1 where it is masked.
  std::vector<std::vector<std::int32_t>> tokens;
  std::vector<std::vector<float>> reals;  // [time][lane][width]
  // Of whole sequences, by lane, then first step; spans of lane l are [begins[l], begins[l + 1]).
  // None in streams.
  std::vector<Span> spans;
  std::vector<std::int32_t> begins;
};

struct Window {
  std::int64_t index = 0;  // windows consumed before this one, over all epochs
  std::int64_t epoch = 0;
  int lanes = 0;  // of this rank
  std::vector<WindowAxis> axes{1};
};

}  // namespace rondo
