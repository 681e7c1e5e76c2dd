// A trainer's beginning, and its way into and out of a checkpoint.
#include <algorithm>

#include "rondo/core/state_parts.hpp"
#include "rondo/core/version.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"
#include "rondo/train/weight_check.hpp"
#include "train/gradients/leaving_gradients.hpp"
#include "train/saved/state_transfer.hpp"
#include "train/saved/word_vectors.hpp"
#include "train/scheduled_sampling.hpp"
#include "train/watch/fault_injection.hpp"

namespace rondo {

void check_rank_count(const Config& config, int ranks) {
  const std::int64_t blocks = std::min(config.lanes, config.eval_lanes) / config.block;
  if (ranks > blocks) {
    throw_input(
        "{} ranks are more than the {} blocks of {} lanes that there are to share; start at most "
        "{} "
        "ranks, or raise lanes and eval-lanes, or make block smaller",
        ranks, blocks, config.block, blocks);
  }
}

std::int64_t total_steps(const Config& config, const WindowSource& training) {
  if (config.window_varies && config.steps > WindowCuts::most_varying) {
    throw_input("--steps {} are more than {}, the most where windows vary", config.steps,
                WindowCuts::most_varying);
  }
  if (config.steps > 0) return config.steps;
  return training.windows_of(config.epochs, training_lanes(config));
}

namespace {

int checked_rank_count(const Config& config, const Communicator& world) {
  check_rank_count(config, world.size());
  return world.size();
}

}  // namespace

template <class Real>
Trainer<Real>::Trainer(const Config& config, const Dataset& data, Communicator& world,
                       ThreadPool& pool, TrainingListener* listener)
    : config_(config),
      data_(data),
      loss_unit_(data.loss_unit()),
      world_(world),
      pool_(pool),
      listener_(listener),
      model_(data.model(config)),
      layout_(model_.layout()),
      plan_{config.lanes, config.block, checked_rank_count(config, world)},
      small_sums_(world, plan_.blocks(), 2, 2),
      training_(data.split("train")) {
  const LaneShare own = plan_.share(world.rank());
  const std::int64_t blocks = own.blocks();
  first_lane_ = own.first_lane();

  if (config.frozen_vectors) layout_.freeze(table_of_words(model_, data.columns()).segment);
  parameters_.resize(layout_.size());
  if (averages_weights(config)) average_.resize(layout_.size());
  const LongestWindow longest = training_->longest_windows(training_lanes(config));
  const PassShape pass = training_pass<Real>(config, model_, blocks, longest);
  const std::optional<SparseTable> sparse =
      sparse_table(model_, config.lanes * longest.first, world.size());
  const std::size_t gradients = model_.gradient_size();
  const std::size_t size = gradients + (sparse ? sparse->size() : 0);
  gradients_ = std::make_unique<GroupedGradients<Real>>(
      group_blocks(own.first_block, own.last_block, plan_.blocks().blocks,
                   pass.lanes / config.block),
      static_cast<int>(config.block), plan_.blocks().blocks, size);
  if (config.scheduled_sampling > 0) {
    sampling_ = std::make_unique<ScheduledSampling>(config.seed);
  }
  network_ = std::make_unique<Network<Real>>(model_, layout_, parameters_.data(), pass);
  optimizer_ = make_optimizer<Real>(config, layout_);
  reducer_ = make_reducer<Real>(config.reducer, world, plan_.blocks(), gradients_->results(),
                                gradients_->total().data(), size);
  if (sparse) {
    touched_rows_ =
        std::make_unique<TouchedRows>(*sparse, layout_[sparse->table.segment].offset, gradients);
  }
  leaving_ =
      std::make_unique<LeavingGradients<Real>>(*gradients_, *reducer_, touched_rows_.get(), clock_);
  faults_ = FaultInjection::make(config, world.rank());
  decided_by_rank_0_ = !same_on_all_ranks(config.reducer);
  block_losses_.resize(static_cast<std::size_t>(blocks));
  block_targets_.resize(static_cast<std::size_t>(blocks));

  total_steps_ = total_steps(config, *training_);
  if (leads() && config.initial_range > 0) {
    initialize_within<Real>(layout_, config.initial_range, config.seed, parameters_);
  } else if (leads()) {
    initialize<Real>(model_, layout_,
                     {config.initialization, config.forget_bias, config.chrono_span, config.seed},
                     parameters_);
  }
  world.broadcast(std::as_writable_bytes(std::span<Real>(parameters_)), 0);
  network_->pack(pool_);
  start_batcher();
}

template <class Real>
Trainer<Real>::~Trainer() = default;

template <class Real>
void Trainer<Real>::start_batcher() {
  LaneLayout lanes = training_lanes(config_);
  const LaneShare own = plan_.share(world_.rank());
  lanes.first_lane = own.first_lane();
  lanes.last_lane = own.last_lane();
  batcher_.reset();  // its thread ends before another starts
  batcher_ = std::make_unique<Batcher>(training_->reader(lanes), counters_.window);
}

// A step's weights are compared once, however often it is asked for.
template <class Real>
void Trainer<Real>::compare_weights() {
  if (decided_by_rank_0_ || world_.size() == 1 || compared_step_ == counters_.step) return;
  enter(Activity::comparison);
  compared_step_ = counters_.step;
  const std::uint64_t digests[] = {quick_digest(std::as_bytes(std::span<const Real>(parameters_))),
                                   quick_digest(std::as_bytes(std::span<const Real>(average_)))};
  const std::uint64_t digest = quick_digest(std::as_bytes(std::span(digests)));
  refuse_odd_ranks(world_, find_odd_ranks(world_, digest), counters_.step, checkpoint_step_);
}

template <class Real>
NamedState Trainer<Real>::save() {
  NamedState own_lanes;
  network_->save_state("lanes/", own_lanes);
  NamedState state = gather_rows(world_, own_lanes);
  if (!leads()) return {};
  layout_.save<Real>(parameters_, "parameters/", state);
  if (counters_.averaged(config_) > 0) layout_.save<Real>(average_, "average/", state);
  optimizer_->save(layout_, state);
  counters_.save(state);
  batcher_->save_cursors(counters_.window, state);
  data_.task().save_columns(data_.stored_columns(), state);
  state.texts["configuration"] = config_to_text(config_);
  state.texts["data_fingerprint"] = data_.file().fingerprint();
  state.texts["finished"] = is_finished() ? "true" : "false";
  state.texts["numerics"] = std::to_string(numerics_version);
  state.texts["task"] = data_.task().name();
  return state;
}

template <class Real>
std::string Trainer<Real>::state_digest() {
  NamedState own_lanes;
  network_->save_state("lanes/", own_lanes);
  NamedState lanes = gather_rows(world_, own_lanes);
  if (!leads()) return {};
  StateDigest digest;
  const auto add_buffer = [&](std::span<const Real> buffer, const std::string& prefix) {
    for (const std::size_t segment : layout_.by_name()) {
      NamedState one;
      save_segment<Real>(layout_[segment], buffer, prefix, one);
      digest.add(one);
    }
  };
  if (counters_.averaged(config_) > 0) add_buffer(average_, "average/");
  NamedState counters;
  counters_.save(counters);
  digest.add(counters);
  batcher_->save_cursors(counters_.window, lanes);
  digest.add(lanes);
  auto moments = optimizer_->moments();
  std::ranges::sort(moments, {}, [](const auto& moment) { return std::string(moment.name) + "/"; });
  for (const auto& moment : moments) {
    add_buffer(moment.values, fmt::format("optimizer/{}/", moment.name));
  }
  add_buffer(parameters_, "parameters/");
  return digest.finish();
}

template <class Real>
bool Trainer<Real>::is_finished() const {
  const bool ends = counters_.step >= total_steps_ ||
                    (config_.patience > 0 && counters_.stale >= config_.patience);
  return ends && !validation_is_pending();
}

// A run that listens to its validations has them in their rhythm alone: it may be made longer.
template <class Real>
bool Trainer<Real>::validation_is_pending() const {
  if (config_.validate_every == 0 || counters_.validated_step >= counters_.step) return false;
  return is_due(config_.validate_every) ||
         (counters_.step >= total_steps_ && !listens_to_validation(config_));
}

template <class Real>
void Trainer<Real>::restore(NamedState state) {
  const NamedState mine = broadcast_state(world_, std::move(state));
  counters_.load(mine);
  if (const std::int64_t window = counters_.window; window > 0) {
    epoch_ = training_->epoch_of(window - 1, training_lanes(config_));
  }
  checkpoint_step_ = counters_.step;
  checkpoint_validated_ = counters_.validated_step;
  layout_.load<Real>(mine, "parameters/", parameters_);
  if (counters_.averaged(config_) > 0) layout_.load<Real>(mine, "average/", average_);
  optimizer_->load(layout_, mine);
  network_->load_state("lanes/", mine, first_lane_, config_.lanes);
  network_->pack(pool_);
  start_batcher();
}

template <class Real>
void Trainer<Real>::restore_parameters(NamedState state) {
  const NamedState mine = broadcast_state(world_, std::move(state));
  layout_.load<Real>(mine, evaluated_group(mine), parameters_);
  network_->pack(pool_);
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace rondo
