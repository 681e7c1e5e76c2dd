// What a batcher hands to a network: the columns of a window, for the lanes of one rank.
//
// A window has one axis of time steps or several (the steps of a source, and those of a target;
// words and their letters), whose lanes are the same. On each axis lie columns: tokens, numbers.
// Which column is what is the task's business; a stage is told the number of the column that it
// reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace rondo {

// Where a sequence lies in a window: the whole of it, or, where lanes carry sequences on, what of
// it does.
struct Span {
  std::int64_t sequence = 0;  // its number in its split
  std::int32_t lane = 0;      // of this rank
  std::int32_t first = 0;     // time step
  std::int32_t length = 0;    // time steps, at least 1
  std::int32_t step = 0;      // the sequence's own, of the first
  bool ends = true;           // with the sequence's last step
  // On an axis whose spans each belong to a step of the first axis (a word's letters): which, in
  // the same lane.
  std::int32_t parent = -1;

  std::int32_t last() const { return first + length - 1; }
};

// Whose a step of a lane is.
struct Owner {
  std::int32_t sequence = -1;  // -1: nobody's
  std::int32_t step = 0;       // the sequence's own
};

// Arrays of rows [time][lane]. Where spans belong to steps of the first axis, those of a sequence
// lie end to end, in its steps' order, with a reset where each begins; a sequence's own steps go on
// over them.
struct WindowAxis {
  int times = 0;
  std::vector<std::uint8_t> resets;  // 1: the state before this step is a fresh one
  // Columns: what no lane has there is 0; a target is -1 where it is masked.
  std::vector<std::vector<std::int32_t>> tokens;  // [time][lane][words]: of labels more than one
  std::vector<std::vector<float>> reals;  // [time][lane][width]; a target is NaN where masked
  // Of whole sequences, by lane, then first step; spans of lane l are [begins[l], begins[l + 1]).
  // None in streams, nor owners.
  std::vector<Span> spans;
  std::vector<std::int32_t> begins;
  std::vector<Owner> owners;
};

struct Window {
  std::int64_t index = 0;  // windows consumed before this one, over all epochs
  std::int64_t epoch = 0;
  int lanes = 0;  // of this rank
  // Steps of the first axis that whole sequences cover in all the run's lanes; -1 in streams.
  std::int64_t covered = -1;
  std::vector<WindowAxis> axes{1};
};

// A window of one axis.
inline Window make_window(int times, int lanes, std::vector<std::uint8_t> resets,
                          std::vector<std::vector<std::int32_t>> tokens = {}) {
  Window window;
  window.lanes = lanes;
  window.axes[0].times = times;
  window.axes[0].resets = std::move(resets);
  window.axes[0].tokens = std::move(tokens);
  return window;
}

// Some lanes of a window on one of its axes, as a stage sees them. Cheap to copy.
struct WindowView {
  int times = 0;
  int lanes = 0;
  const std::uint8_t* resets = nullptr;  // row(t) + lane
  std::int64_t index = 0;                // of the window, for random numbers
  std::int64_t first_lane = 0;           // the first lane's number in the run, for random numbers
  int rank_lane = 0;                     // and its place among the lanes of the rank
  int first_time = 0;                    // the first step's place in the window
  int stride = 0;                        // from one row to the next
  const Window* window = nullptr;
  int axis = 0;

  WindowView() = default;
  // All lanes of `all`, the first of which is number `lane` of the run.
  WindowView(const Window& all, std::int64_t lane, int on = 0)
      : times(all.axes[static_cast<std::size_t>(on)].times),
        lanes(all.lanes),
        resets(all.axes[static_cast<std::size_t>(on)].resets.data()),
        index(all.index),
        first_lane(lane),
        stride(all.lanes),
        window(&all),
        axis(on) {}

  std::size_t row(int t) const {
    return static_cast<std::size_t>(first_time + t) * static_cast<std::size_t>(stride);
  }
  // A column of tokens: row(t) + lane is where time t of a lane is; of `words` a step, as labels
  // have them (labels.hpp), (row(t) + lane) * words.
  const std::int32_t* tokens(int column, int words = 1) const {
    return here().tokens[static_cast<std::size_t>(column)].data() +
           static_cast<std::size_t>(rank_lane) * static_cast<std::size_t>(words);
  }
  // A column of `width` numbers a step: (row(t) + lane) * width is where time t of a lane begins.
  const float* reals(int column, int width) const {
    return here().reals[static_cast<std::size_t>(column)].data() +
           static_cast<std::size_t>(rank_lane) * static_cast<std::size_t>(width);
  }
  // The whole sequences of these lanes, whose `lane` counts from the window's first.
  std::span<const Span> spans() const {
    const WindowAxis& of = here();
    if (of.begins.empty()) return {};
    const auto first = static_cast<std::size_t>(rank_lane);
    const auto begin = static_cast<std::size_t>(of.begins[first]);
    const auto end = static_cast<std::size_t>(of.begins[first + static_cast<std::size_t>(lanes)]);
    return std::span(of.spans).subspan(begin, end - begin);
  }

  bool has_sequences() const { return window != nullptr && !here().owners.empty(); }
  // What random numbers of a step are drawn by: in streams the window, the run's lane and the time;
  // of whole sequences the epoch, the sequence and its own step, so that company changes nothing.
  std::int64_t draws_of() const { return has_sequences() ? window->epoch : index; }
  Owner drawn_by(int t, int lane) const {
    if (!has_sequences()) return {static_cast<std::int32_t>(first_lane + lane), first_time + t};
    return here().owners[row(t) + static_cast<std::size_t>(rank_lane + lane)];
  }

  // Lanes [begin, end) of these.
  WindowView of_lanes(int begin, int end) const {
    WindowView view = *this;
    view.lanes = end - begin;
    view.resets += begin;
    view.first_lane += begin;
    view.rank_lane += begin;
    return view;
  }
  // Steps [begin, end) of these.
  WindowView of_times(int begin, int end) const {
    WindowView view = *this;
    view.times = end - begin;
    view.first_time += begin;
    return view;
  }
  // Whether there are steps of the window before, and behind these.
  bool goes_on_before() const { return first_time > 0; }
  bool goes_on_behind() const { return window != nullptr && first_time + times < here().times; }
  // The same lanes on another axis.
  WindowView on(int other) const {
    WindowView view(*window, first_lane, other);
    view.lanes = lanes;
    view.resets += rank_lane;
    view.rank_lane = rank_lane;
    return view;
  }

 private:
  const WindowAxis& here() const { return window->axes[static_cast<std::size_t>(axis)]; }
};

}  // namespace rondo
