// How far back gradients reach in a trained model: how much of a loss's gradient arrives at each
// recurrent layer so many steps before the loss.
//
// A loss that counts has its whole history in the window: that of a sequence, or, where each step
// has one, that of the last step with a target, of a sequence or of what a lane's window has of it.
// All other targets are masked. What arrives at a step is the norm of the gradient at the state
// that the layer leaves there (model/gradient_watcher.hpp); norms are added over the losses. A
// reversed direction has its history behind its step: counted are the steps after its end of the
// sequence, and where each step has a loss, that of the sequence's first one is taken for it. Of
// letters, each word's count from its last letter (reversed: its first).
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/model/gradient_watcher.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

struct LayerReach {
  WatchedLayer layer;
  // [k]: norms of what arrives k steps before a loss, added up; the losses that have such a step.
  std::vector<double> norms;
  std::vector<std::int64_t> losses;

  // The mean norm k steps before a loss, relative to that at the loss.
  double norm(std::int64_t k) const;
  // Of all that arrives, the share that does not at fewer than `window` steps before a loss: what
  // is lost where a window has that many steps and ends at the loss.
  double lost(std::int64_t window) const;
  // In the mean over losses at each of the window's steps, which reach back to its first.
  double lost_in_mean(std::int64_t window) const;
  // The smallest window that loses less than `share`.
  std::int64_t window_losing_less(double share) const;
};

struct GradientReach {
  std::int64_t window = 0;  // steps of the longest window that was measured
  std::int64_t losses = 0;  // that were counted
  std::int64_t cut = 0;     // of them, those whose sequence had begun before the window
  std::vector<LayerReach> layers;
};

// Steps that can come together before a loss: the longest sequence's, or a text's.
std::int64_t longest_history(const WindowSource& split);

// The lanes that a model's training is measured in on a split, at most 16. Windows have `window`
// steps; 0: where state is carried, four times the run's, as far as the data allow; else they hold
// whole sequences. InputError for a window that the split has no room for, or where sequences are
// whole, and for data of single steps.
LaneLayout reach_layout(const Config& config, const WindowSource& split, std::int64_t window);

// Over the split's first windows, until there are enough losses. With dropout and zoneout as in
// training. The same for any threads. InputError where the split has no loss that counts, or the
// gradient is not finite.
template <class Real>
GradientReach measure_gradient_reach(const SavedModel<Real>& model, const WindowSource& split,
                                     const LaneLayout& layout, ThreadPool& pool);

}  // namespace rondo
