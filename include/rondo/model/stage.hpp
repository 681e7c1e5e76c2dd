// A stage of a network: a layer, or a group of layers that feed back into one another.
//
// A network is a chain of stages over a window, each on one of its axes: the views that a stage
// gets are of its own. Activations lie in panels (core/panels.hpp), the lanes of a group of blocks
// side by side, one time step after another; carried state is kept for all lanes of a rank, which
// may have several groups. Lanes are independent of each other in forward() and backward(), so
// threads share a stage by ranges of lanes; gradients of parameters are sums over lanes, and are
// computed afterwards by jobs, each of which owns a piece of the parameters and adds all blocks in
// the fixed order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rondo/core/block_tree.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/core/thinning.hpp"
#include "rondo/core/window.hpp"
#include "rondo/model/gradient_watcher.hpp"

namespace rondo {

// What a network is built for.
struct PassShape {
  int lanes = 0;         // side by side, at most
  int times = 0;         // longest window
  bool training = true;  // false: forward only, no buffers for gradients
  int rank_lanes = 0;    // all that the rank has, whose state is carried; 0: `lanes`
  int logit_times = 0;   // time steps whose logits are in memory; 0: the whole window's
  int second_times = 0;  // longest window on the second axis; 0: there is none
  // Of a network that goes through windows in pieces (model/network.hpp): the longest window, of
  // which `times` - 1 steps are a piece; 0: none does.
  int window = 0;
  // The second axis's windows go on from one another, as a decoder's steps do: its layers carry
  // their states. Forward only.
  bool stepwise = false;
  // A head that says classes keeps the likeliest one of each step in training, too
  // (Network::likeliest).
  bool keeps_likeliest = false;
  Thinning thinning = {};  // the network's plan's, which sets it

  // As a stage on an axis sees it.
  PassShape on(int axis) const {
    PassShape pass = *this;
    if (axis == 1) pass.times = second_times;
    const int level = thinnings_of(axis);
    if (level > 0) pass.times = static_cast<int>(thinning.left_of(times, level));
    return pass;
  }
  int lanes_of_rank() const { return rank_lanes == 0 ? lanes : rank_lanes; }
  int longest_window() const { return window == 0 ? times : window; }
  int piece() const { return window == 0 ? times : times - 1; }
  int pieces() const { return (longest_window() + piece() - 1) / piece(); }
};

struct LaneRange {
  int begin = 0;
  int end = 0;
};

struct TimeRange {
  int begin = 0;
  int end = 0;
};

// Activations of all time steps, a stride from one to the next.
template <class Real>
struct Activations {
  Real* data = nullptr;
  std::size_t stride = 0;
  Panels panels;

  Real* at(int t) const { return data + static_cast<std::size_t>(t) * stride; }
};

// Where gradients go: for each tree root of the window's blocks, a buffer of the parameters'
// layout.
template <class Real>
struct GradientSums {
  int block = 1;                 // lanes of a block
  std::int64_t first_block = 0;  // that of the window's first lane
  std::int64_t blocks = 1;       // of the whole run
  std::span<const TreeNode> roots;
  std::span<Real* const> buffers;
  // The chains go on from what is in the buffers: steps behind these have been there. Then each
  // root is one block.
  bool resumes = false;
};

// Hears of a backward pass, on the thread that called for it alone, so that gradients can leave
// while others are still computed. This one does nothing about it.
class BackwardListener {
 public:
  virtual ~BackwardListener() = default;
  // Elements [begin, end) of each gradient buffer are final. Ascending within a stage, without
  // gaps.
  virtual void ready(std::size_t /*begin*/, std::size_t /*end*/) {}
  // Between time steps, panels and jobs: a moment to let messages move.
  virtual void pause() {}
};

template <class Real>
class Stage {
 public:
  virtual ~Stage() = default;
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // This stage's range of the parameter buffer.
  virtual std::pair<std::size_t, std::size_t> segment_range() const = 0;

  // Before a window's forward pass: jobs 0 .. prepare_jobs(round) - 1 of round 0, in any order,
  // on any threads, then those of round 1.
  virtual int prepare_jobs(int /*round*/) const { return 0; }
  virtual void prepare_job(int /*round*/, int /*job*/, const WindowView&) {}
  // Then, on one thread: fetches the state that the window's lanes carry.
  virtual void begin_window(const WindowView&) {}
  virtual void forward(const WindowView& window, LaneRange lanes) = 0;
  // Of a window in pieces: the state that its lanes carry is kept, and is theirs again.
  virtual void keep_state(int /*piece*/, const WindowView&) {}
  virtual void return_state(int /*piece*/, const WindowView&) {}
  // The way back may come in parts, 0 .. parts() - 1, each begun on one thread, then a backward()
  // of all lanes, then the gradient jobs that it makes possible.
  virtual int parts() const { return 1; }
  virtual void begin_part(int /*part*/, const WindowView&, const GradientSums<Real>&) {}
  // The gradient at the stage's output is there; leaves, after the last part, the gradient at its
  // input. Stages that work long let `listener` pause.
  virtual void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) = 0;
  // After backward() of all lanes: jobs 0 .. gradient_jobs() - 1, those below jobs_after(part)
  // in that part or before, in any order, on any threads.
  virtual int jobs_after(int /*part*/) const { return gradient_jobs(); }
  virtual int gradient_jobs() const = 0;
  // How far the stage's range is final, in elements from its beginning, when jobs 0 .. jobs - 1
  // have been done.
  virtual std::size_t final_after(int jobs) const = 0;
  virtual void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) = 0;

  // Has `watcher`, which outlives it, hear of each way back from now on; the stage is on `axis`.
  virtual void watch(GradientWatcher& /*watcher*/, int /*axis*/) {}

  // Once the gradient is that of all blocks, what makes it the parameters': jobs likewise.
  virtual int finish_jobs() const { return 0; }
  virtual void finish_job(int /*job*/, std::int64_t /*window*/, Real* /*gradient*/) const {}

  // Derived forms of the parameters (transposes), renewed after every update, by jobs likewise.
  virtual int pack_jobs() const { return 0; }
  virtual void pack_job(int) {}

  // After a window: its last state is what its lanes carry into their next.
  virtual void carry(const WindowView&) {}
  // Lane l has what lane from[l] carried.
  virtual void reorder(std::span<const int> /*from*/) {}
  // Zeroes the carried state of all lanes.
  virtual void clear_state() {}
  // Zeroes the carried state of lanes where it is not finite; returns how many there were.
  virtual int reset_non_finite() { return 0; }
  // Carried state as arrays of [lanes, units], one row a lane of this rank.
  virtual void save_state(const std::string&, NamedState&) const {}
  // From arrays of all the run's lanes, of which this rank takes those from `first_lane` on.
  virtual void load_state(const std::string&, const NamedState&, std::int64_t /*first_lane*/,
                          std::int64_t /*all_lanes*/) {}
};

// One that has no parameters, and so no gradients of any.
template <class Real>
class StageWithoutParameters : public Stage<Real> {
 public:
  std::pair<std::size_t, std::size_t> segment_range() const final { return {0, 0}; }
  int gradient_jobs() const final { return 0; }
  std::size_t final_after(int) const final { return 0; }
  void gradient_job(int, const WindowView&, const GradientSums<Real>&) final {}
};

}  // namespace rondo
