#include "rondo/train/sample_shares.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/optim/clipping.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/memory.hpp"
#include "train/samples/relaid_window.hpp"
#include "train/scheduled_sampling.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_side_by_side = 16;                      // samples
constexpr std::uint64_t most_gradients = std::uint64_t{256} << 20;  // bytes

// A network of a few lanes, each a block whose gradient stays its own.
template <class Real>
class LoneSamples {
 public:
  LoneSamples(const Config& config, const Dataset& data, const NamedState& state,
              const ParameterLayout& layout, const Window& all, std::size_t samples,
              ThreadPool& pool)
      : config_(config_of(config, data, samples)),
        columns_(data.columns()),
        plan_(data.model(config_)),
        layout_(layout),
        pool_(pool) {
    LongestWindow longest(all.axes[0].times, all.axes.size() > 1 ? all.axes[1].times : 0);
    PassShape pass = training_pass<Real>(config_, plan_, config_.lanes, longest);
    pass.rank_lanes = pass.lanes;
    lanes_ = static_cast<std::size_t>(pass.lanes);
    check_memory(Network<Real>::bytes(plan_, pass).total() +
                 (layout.size() + lanes_ * plan_.gradient_size()) * sizeof(Real));
    parameters_.resize(layout.size());
    layout.load<Real>(state, "parameters/", parameters_);
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      gradients_.emplace_back();
      gradients_.back().resize(plan_.gradient_size());
      buffers_.push_back(gradients_.back().data());
      roots_.push_back({0, static_cast<std::int64_t>(lane)});
    }
    network_ = std::make_unique<Network<Real>>(plan_, layout_, parameters_.data(), pass);
    network_->pack(pool_);
    if (config_.scheduled_sampling > 0) {
      sampling_ = std::make_unique<ScheduledSampling>(config_.seed);
    }
  }

  std::size_t side_by_side() const { return lanes_; }

  // There and back; `first_lane`: the run's number of the rank's first lane.
  void pass(const Window& all, std::span<const LanePiece> pieces, const NamedState& state,
            std::int64_t first_lane, double own_symbols) {
    carry(state, pieces, first_lane);
    const Window window = relaid(all, pieces, columns_, config_.thinning());
    const WindowView view(sampling_ ? sampling_->take(window) : window,
                          first_lane + pieces.front().span.lane);
    network_->forward(view, pool_);
    if (sampling_ && sampling_->replace(view, *network_, own_symbols))
      network_->forward(view, pool_);
    losses_.assign(pieces.size(), 0);
    weights_.assign(pieces.size(), 0);
    network_->block_losses(view, 1, losses_, weights_);
    const auto count = pieces.size();
    const GradientSums<Real> sums{1, 0, static_cast<std::int64_t>(count),
                                  std::span(roots_).first(count), std::span(buffers_).first(count)};
    BackwardListener nobody;
    for (int stage = network_->stages() - 1; stage >= 0; --stage) {
      network_->backward(stage, view, sums, pool_, nobody);
    }
    for (std::size_t i = 0; i < count; ++i) {
      network_->finish_gradient(all.index, gradients_[i], pool_);
    }
  }
  double loss(std::size_t i) const { return losses_[i]; }
  double weight(std::size_t i) const { return weights_[i]; }
  std::span<const Real> gradient(std::size_t i) const {
    return std::span<const Real>(gradients_[i]).first(layout_.size());
  }

 private:
  static Config config_of(const Config& trained, const Dataset& data, std::size_t samples) {
    Config config = trained;
    config.recompute = 0;
    config.block = 1;
    const std::uint64_t gradient = data.model(trained).gradient_size() * sizeof(Real);
    config.lanes = std::clamp<std::int64_t>(
        std::min(static_cast<std::int64_t>(samples),
                 static_cast<std::int64_t>(most_gradients / std::max<std::uint64_t>(gradient, 1))),
        1, most_side_by_side);
    return config;
  }

  // What the lanes of the pieces carry.
  void carry(const NamedState& state, std::span<const LanePiece> pieces, std::int64_t first_lane) {
    NamedState rows;
    for (const CarriedArray& array : plan_.carried()) {
      const NamedArray& all = state.get("lanes/" + array.name);
      const std::size_t row = all.bytes.size() / all.shape[0];
      NamedArray& own = rows.add("lanes/" + array.name, all.type,
                                 {lanes_, static_cast<std::uint64_t>(array.units)});
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto lane = static_cast<std::size_t>(first_lane + pieces[i].span.lane);
        std::memcpy(own.bytes.data() + i * row, all.bytes.data() + lane * row, row);
      }
    }
    network_->load_state("lanes/", rows, 0, static_cast<std::int64_t>(lanes_));
  }

  Config config_;
  const Columns& columns_;
  NetworkPlan plan_;
  const ParameterLayout& layout_;
  ThreadPool& pool_;
  std::size_t lanes_ = 0;
  Buffer<Real> parameters_;
  std::vector<Buffer<Real>> gradients_;
  std::vector<Real*> buffers_;
  std::vector<TreeNode> roots_;
  std::vector<double> losses_, weights_;
  std::unique_ptr<Network<Real>> network_;
  std::unique_ptr<ScheduledSampling> sampling_;
};

// In double, in stored order, of what updates reckon with.
template <class Real>
double product(const ParameterLayout& layout, std::span<const Real> a, std::span<const Real> b) {
  double sum = 0;
  for (const std::size_t number : layout.by_name()) {
    const Segment& segment = layout[number];
    if (segment.frozen) continue;
    for (std::size_t i = segment.offset; i < segment.offset + segment.size; ++i) {
      sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
  }
  return sum;
}

}  // namespace

template <class Real>
std::vector<SampleShare> measure_samples(const Config& config, const Dataset& data,
                                         const NamedState& state, const ParameterLayout& layout,
                                         std::span<const Real> gradient, double targets,
                                         std::int64_t total_steps, const LaneShare& own,
                                         ThreadPool& pool) {
  Counters counters;
  counters.load(state);
  LaneLayout lanes = training_lanes(config);
  lanes.first_lane = own.first_lane();
  lanes.last_lane = own.last_lane();
  const std::unique_ptr<WindowSource> split = data.split("train");
  Window window;
  split->reader(lanes)->read(counters.window, window);
  const std::vector<LanePiece> pieces = pieces_of(window);

  std::vector<SampleShare> samples;
  if (!pieces.empty()) {
    LoneSamples<Real> alone(config, data, state, layout, window, pieces.size(), pool);
    const double own_symbols = config.scheduled_sampling * static_cast<double>(counters.step) /
                               static_cast<double>(total_steps);
    const double squares = product(layout, gradient, gradient);
    const double scale = targets > 0 ? 1 / targets : 0;
    for (std::size_t begin = 0; begin < pieces.size(); begin += alone.side_by_side()) {
      const auto some =
          std::span(pieces).subspan(begin, std::min(alone.side_by_side(), pieces.size() - begin));
      alone.pass(window, some, state, own.first_lane(), own_symbols);
      for (std::size_t i = 0; i < some.size(); ++i) {
        const Span& span = some[i].span;
        SampleShare sample;
        sample.lane = own.first_lane() + span.lane;
        sample.sequence = span.sequence;
        sample.step = span.step;
        sample.steps = span.length;
        sample.targets = alone.weight(i);
        sample.loss = alone.loss(i);
        const std::span<const Real> one = alone.gradient(i);
        sample.norm = scale * std::sqrt(gradient_squares<Real>(layout, one, pool));
        sample.share = squares > 0 ? product(layout, one, gradient) / squares : 0;
        samples.push_back(sample);
      }
    }
  }
  return samples;
}

std::vector<SampleShare> united(Communicator& world, const std::vector<SampleShare>& own) {
  std::vector<SampleShare> all;
  for (const std::vector<std::byte>& part : gather(world, std::as_bytes(std::span(own)), 0)) {
    const std::size_t before = all.size();
    all.resize(before + part.size() / sizeof(SampleShare));
    std::memcpy(all.data() + before, part.data(), part.size());
  }
  return all;
}

void worst_first(std::vector<SampleShare>& samples) {
  const auto worse = [](const SampleShare& a, const SampleShare& b) {
    const bool a_finite = std::isfinite(a.norm), b_finite = std::isfinite(b.norm);
    if (a_finite != b_finite) return b_finite;
    return a_finite && a.norm > b.norm;
  };
  std::ranges::stable_sort(samples, worse);
}

template std::vector<SampleShare> measure_samples(const Config&, const Dataset&, const NamedState&,
                                                  const ParameterLayout&, std::span<const float>,
                                                  double, std::int64_t, const LaneShare&,
                                                  ThreadPool&);
template std::vector<SampleShare> measure_samples(const Config&, const Dataset&, const NamedState&,
                                                  const ParameterLayout&, std::span<const double>,
                                                  double, std::int64_t, const LaneShare&,
                                                  ThreadPool&);

}  // namespace rondo
