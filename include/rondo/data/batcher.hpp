// Windows, one after another, read ahead on a thread of its own.
//
// A reader knows how a split becomes windows: packed lanes of a stream (data/stream_windows.hpp),
// or whole sequences laid end to end (data/packed_windows.hpp). Nothing is padded, every rank has
// equal work, and each reads its own lanes' data alone.
#pragma once

#include <cstdint>
#include <memory>

#include "rondo/core/lane_plan.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/core/thinning.hpp"
#include "rondo/core/window.hpp"
#include "rondo/data/window_cuts.hpp"

namespace rondo {

// Whose windows, and of what shape.
struct LaneLayout {
  std::int64_t lanes = 0;                      // of the whole run
  std::int64_t first_lane = 0, last_lane = 0;  // this rank's
  std::int64_t window = 0;
  std::uint64_t seed = 0;
  bool shuffle = true;  // false: in the file's order (evaluation)
  bool varies = false;  // the windows' lengths, around `window`
  // Of sequences: those that a window has no room for go on in the next one
  // (data/packed_windows.hpp).
  bool carried = false;
  // Of sequences whose targets have steps of their own: time steps of a window on that axis; 0: in
  // the ratio of the total steps.
  std::int64_t target_window = 0;
  // Of packed sequences: the axes that windows have behind those of the data.
  Thinning thinning;

  // A rank's lanes of a plan, walked as nothing else says.
  static LaneLayout of(const LanePlan& plan, int rank, std::int64_t window) {
    const LaneShare share = plan.share(rank);
    LaneLayout layout;
    layout.lanes = plan.lanes;
    layout.first_lane = share.first_lane();
    layout.last_lane = share.last_lane();
    layout.window = window;
    return layout;
  }
  WindowLengths lengths() const { return {window, varies, seed}; }
};

// InputError unless there are lanes and a window, and a rank's lanes are some of them.
void check_layout(const LaneLayout& layout);

class WindowReader {
 public:
  virtual ~WindowReader() = default;
  // Window `index`, counted over all epochs, into memory that is used again: allocates only the
  // first time that it sees a `window`. Any order of calls gives the same windows; ascending
  // indices are fast. Called by one thread.
  virtual void read(std::int64_t index, Window& window) = 0;
  // What a checkpoint keeps of all the run's lanes, for people and for checks, where `window` comes
  // next: the plan itself follows from the configuration and the data. Called while another thread
  // reads.
  virtual void save_cursors(std::int64_t window, NamedState& state) = 0;
};

class SequenceSource;

// Time steps: no window has more, on its first axis and on its second; 0: it has none.
struct LongestWindow {
  std::int64_t first = 0, second = 0;
  LongestWindow(std::int64_t on_first = 0, std::int64_t on_second = 0)
      : first(on_first), second(on_second) {}
  bool operator==(const LongestWindow&) const = default;
};

// A split as its task makes windows of it. Safe from several threads.
class WindowSource {
 public:
  virtual ~WindowSource() = default;
  // Of windows of whole sequences: these. Null in streams.
  virtual const SequenceSource* whole() const { return nullptr; }
  // The source must outlive the reader. InputError for a layout that is none.
  virtual std::unique_ptr<WindowReader> reader(const LaneLayout& layout) const = 0;
  // Windows of the first `epochs` epochs.
  virtual std::int64_t windows_of(std::int64_t epochs, const LaneLayout& layout) const = 0;
  virtual std::int64_t epoch_of(std::int64_t window, const LaneLayout& layout) const = 0;
  // Time steps: no window is longer, and memory is laid out for it.
  virtual std::int64_t longest_window(const LaneLayout& layout) const = 0;
  // Likewise on all axes.
  virtual LongestWindow longest_windows(const LaneLayout& layout) const {
    return longest_window(layout);
  }
  // Steps of the second axis to one of the first, in the mean.
  virtual double second_steps() const { return 0; }
  // InputError unless a state holds the cursors that a checkpoint of so many lanes keeps.
  virtual void check_cursors(const NamedState& /*state*/, std::int64_t /*lanes*/) const {}
  // Bytes that a batcher of this layout allocates, the source's own tables included.
  virtual std::uint64_t bytes(const LaneLayout& layout) const = 0;
};

class Batcher {
 public:
  // Starts before window `first_window`, which is at least 0.
  Batcher(std::unique_ptr<WindowReader> reader, std::int64_t first_window);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  // The next window; the same memory is reused, valid until the next call. Rethrows what went wrong
  // while reading ahead. Never allocates after the first two calls.
  const Window& next();
  // As WindowReader's.
  void save_cursors(std::int64_t window, NamedState& state);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
