#include "rondo/train/gradient_reach.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "rondo/train/grouped_gradients.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/memory.hpp"
#include "train/reach/arrivals.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_lanes = 16;
constexpr std::int64_t usual_windows = 4;  // of the run's, in one that is measured
constexpr std::int64_t enough_losses = 256;
constexpr std::int64_t enough_steps = 1 << 20;  // of all lanes, once there is a loss

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::int64_t steps_of(const WindowSource& split) {
  if (split.whole() != nullptr) return split.whole()->starts().back();
  LaneLayout one;
  one.lanes = one.last_lane = one.window = 1;
  return split.windows_of(1, one);
}

}  // namespace

std::int64_t longest_history(const WindowSource& split) {
  return split.whole() == nullptr ? steps_of(split) : std::ranges::max(split.whole()->lengths());
}

double LayerReach::norm(std::int64_t k) const {
  const auto at = static_cast<std::size_t>(k);
  if (at >= norms.size() || norms[0] == 0) return 0;
  return norms[at] / static_cast<double>(losses[at]) * static_cast<double>(losses[0]) / norms[0];
}

double LayerReach::lost(std::int64_t window) const {
  const double all = sum(norms);
  const auto behind = std::min(static_cast<std::size_t>(window), norms.size());
  if (all == 0) return 0;
  return std::accumulate(norms.begin() + static_cast<std::ptrdiff_t>(behind), norms.end(), 0.0) /
         all;
}

double LayerReach::lost_in_mean(std::int64_t window) const {
  const double all = sum(norms);
  if (all == 0) return 0;
  double missing = all, missed = 0;
  for (std::int64_t steps = 1; steps <= window; ++steps) {
    const auto k = static_cast<std::size_t>(steps - 1);
    if (k >= norms.size()) break;
    missing -= norms[k];
    missed += std::max(missing, 0.0);
  }
  return missed / all / static_cast<double>(window);
}

std::int64_t LayerReach::window_losing_less(double share) const {
  const double all = sum(norms);
  double missing = 0;  // from the farthest step on, whose numbers are small
  auto window = static_cast<std::int64_t>(norms.size());
  while (window > 1) {
    missing += norms[static_cast<std::size_t>(window - 1)];
    if (missing >= share * all && all > 0) break;
    --window;
  }
  return window;
}

LaneLayout reach_layout(const Config& config, const WindowSource& split, std::int64_t window) {
  LaneLayout layout = training_lanes(config);
  layout.varies = false;
  layout.lanes = std::min(config.lanes, most_lanes);
  const SequenceSource* const whole = split.whole();
  const bool is_cut = whole == nullptr || config.carries_state();
  if (!is_cut && window > 0) {
    throw_input(
        "--window is for states that are carried from window to window: those of this run are "
        "fresh, and its windows hold whole sequences");
  }
  const std::int64_t steps = steps_of(split);
  const std::int64_t longest = longest_history(split);
  if (longest < 2) {
    throw_input("no sequence of the split has more than one step: nothing comes before a loss");
  }
  if (is_cut) {
    if (window > longest) {
      throw_input("--window {} is longer than the {} steps of the split's {}", window, longest,
                  whole == nullptr ? "text" : "longest sequence");
    }
    layout.window = window > 0 ? window : std::min(usual_windows * config.window, longest);
    layout.lanes = std::clamp<std::int64_t>(steps / layout.window, 1, layout.lanes);
  }
  layout.last_lane = layout.lanes;
  return layout;
}

namespace {

// A network in training, one block of the layout's lanes, that tells what arrives.
template <class Real>
class WatchedNetwork {
 public:
  WatchedNetwork(const SavedModel<Real>& model, const WindowSource& split, const LaneLayout& layout,
                 ThreadPool& pool)
      : config_(config_of(model.config, layout)),
        plan_(model.task.model(config_, model.columns)),
        longest_(split.longest_windows(layout)),
        pool_(pool),
        arrivals_(static_cast<int>(layout.lanes), longest_) {
    const PassShape pass = training_pass<Real>(config_, plan_, 1, longest_);
    check_memory(Network<Real>::bytes(plan_, pass).total() + plan_.gradient_size() * sizeof(Real));
    gradients_ = std::make_unique<GroupedGradients<Real>>(
        group_blocks(0, 1, 1, 1), static_cast<int>(layout.lanes), 1, plan_.gradient_size());
    network_ = std::make_unique<Network<Real>>(plan_, model.layout, model.parameters.data(), pass);
    network_->pack(pool_);
    network_->watch(arrivals_);
  }

  void there_and_back(const Window& window) {
    const WindowView view(window, 0);
    arrivals_.clear();
    network_->forward(view, pool_);
    BackwardListener nobody;
    for (int stage = network_->stages() - 1; stage >= 0; --stage) {
      network_->backward(stage, view, gradients_->sums(0), pool_, nobody);
    }
  }
  void carry(const Window& window) { network_->carry(WindowView(window, 0)); }
  Arrivals& arrivals() { return arrivals_; }

 private:
  // Of the loss alone.
  static Config config_of(const Config& trained, const LaneLayout& layout) {
    Config config = trained;
    config.lanes = config.block = layout.lanes;
    config.window = layout.window;
    config.activation_penalty = config.temporal_penalty = 0;
    return config;
  }

  Config config_;
  NetworkPlan plan_;
  LongestWindow longest_;
  ThreadPool& pool_;
  Arrivals arrivals_;
  std::unique_ptr<GroupedGradients<Real>> gradients_;
  std::unique_ptr<Network<Real>> network_;
};

}  // namespace

template <class Real>
GradientReach measure_gradient_reach(const SavedModel<Real>& model, const WindowSource& split,
                                     const LaneLayout& layout, ThreadPool& pool) {
  WatchedNetwork<Real> network(model, split, layout, pool);
  std::vector<LayerReach>& reaches = network.arrivals().reaches();
  const TargetColumn targets = TargetColumn::of(model.task, model.columns);
  // Where each step has a loss, a reversed layer on the first axis is asked by one of its own.
  const auto asks_first = [&](const LayerReach& reach) {
    return targets.per_step && reach.layer.reversed && reach.layer.axis == 0;
  };
  const bool has_first = std::ranges::any_of(reaches, asks_first);

  GradientReach result;
  const std::unique_ptr<WindowReader> reader = split.reader(layout);
  Window window, masked;
  std::int64_t steps = 0;
  const std::int64_t windows = split.windows_of(1, layout);
  for (std::int64_t w = 0; w < windows; ++w) {
    if (result.losses >= enough_losses || (result.losses > 0 && steps >= enough_steps)) break;
    reader->read(w, window);
    masked = window;
    result.window = std::max<std::int64_t>(result.window, window.axes[0].times);
    steps += static_cast<std::int64_t>(window.axes[0].times) * window.lanes;
    for (const LossEnd end : {LossEnd::last, LossEnd::first}) {
      if (end == LossEnd::first && !has_first) continue;
      const std::vector<CountedLoss> losses = counted_losses(window, targets, end);
      keep_targets(window, targets, losses, masked);
      network.there_and_back(masked);
      for (std::size_t layer = 0; layer < reaches.size(); ++layer) {
        const bool asks = asks_first(reaches[layer]);
        if (asks != (end == LossEnd::first)) continue;
        network.arrivals().add(layer, losses, window, asks);
      }
      if (end == LossEnd::first) continue;
      result.losses += static_cast<std::int64_t>(losses.size());
      result.cut += std::ranges::count_if(losses, &CountedLoss::cut);
    }
    network.carry(masked);
  }
  if (result.losses == 0) throw_input("the split has no target to come back from");
  for (const LayerReach& reach : reaches) {
    if (!std::isfinite(sum(reach.norms))) {
      throw_input("the gradient is not finite: the model has diverged");
    }
  }
  result.layers = std::move(reaches);
  return result;
}

template GradientReach measure_gradient_reach(const SavedModel<float>&, const WindowSource&,
                                              const LaneLayout&, ThreadPool&);
template GradientReach measure_gradient_reach(const SavedModel<double>&, const WindowSource&,
                                              const LaneLayout&, ThreadPool&);

}  // namespace rondo
