// A trainer's beginning, and its way into and out of a checkpoint.
#include "rondo/core/version.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"
#include "rondo/train/weight_check.hpp"
#include "train/fault_injection.hpp"
#include "train/leaving_gradients.hpp"
#include "train/state_transfer.hpp"

namespace rondo {

ModelShape model_shape(const Config& config, int vocabulary) {
  ModelShape shape;
  shape.cell = config.cell;
  shape.layers = static_cast<int>(config.layers);
  shape.hidden = static_cast<int>(config.hidden);
  shape.projection = static_cast<int>(config.projection);
  shape.embedding = static_cast<int>(config.embedding);
  shape.vocabulary = vocabulary;
  shape.tied = config.tied;
  shape.residual = config.residual;
  shape.dropout_input = config.dropout_input;
  shape.dropout = config.dropout;
  shape.dropout_output = config.dropout_output;
  shape.dropout_locked = config.dropout_locked;
  shape.dropout_embedding = config.dropout_embedding;
  shape.dropout_weights = config.dropout_weights;
  shape.zoneout = config.zoneout;
  shape.zoneout_cell = config.zoneout_cell;
  shape.trained_initial_state = config.initial_state == "trained";
  shape.activation_penalty = config.activation_penalty;
  shape.temporal_penalty = config.temporal_penalty;
  shape.label_smoothing = config.label_smoothing;
  shape.seed = config.seed;
  return shape;
}

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

namespace {

WindowCuts training_cuts(const Config& config, std::int64_t training_tokens) {
  return {window_lengths(config), (training_tokens + config.lanes - 1) / config.lanes};
}

}  // namespace

std::int64_t total_steps(const Config& config, std::int64_t training_tokens) {
  if (config.window_varies && config.steps > WindowCuts::most_varying) {
    throw_input("--steps {} are more than {}, the most where windows vary", config.steps,
                WindowCuts::most_varying);
  }
  if (config.steps > 0) return config.steps;
  return training_cuts(config, training_tokens).windows_of(config.epochs);
}

namespace {

int checked_rank_count(const Config& config, const Communicator& world) {
  check_rank_count(config, world.size());
  return world.size();
}

}  // namespace

template <class Real>
Trainer<Real>::Trainer(const Config& config, const TextDataset& data, Communicator& world,
                       ThreadPool& pool, TrainingListener* listener)
    : config_(config),
      data_(data),
      loss_unit_(loss_unit_of(data.vocabulary())),
      world_(world),
      pool_(pool),
      listener_(listener),
      model_(model_shape(config, data.vocabulary().size())),
      layout_(model_layout(model_)),
      plan_{config.lanes / config.block, checked_rank_count(config, world)},
      small_sums_(world, plan_, 2, 2) {
  const std::int64_t first_block = plan_.begin(world.rank());
  const std::int64_t blocks = plan_.end(world.rank()) - first_block;
  first_lane_ = first_block * config.block;
  lanes_ = static_cast<int>(blocks * config.block);

  parameters_.resize(layout_.size());
  if (averages_weights(config)) average_.resize(layout_.size());
  const PassShape pass = training_pass<Real>(config, model_, blocks);
  const std::int64_t touched = most_touched_rows(config, model_, world.size());
  const auto row = static_cast<std::size_t>(Panels{model_.embedding}.padded());
  const std::size_t gradients = gradient_size(model_);
  const std::size_t size = gradients + static_cast<std::size_t>(touched) * row;
  gradients_ = std::make_unique<GroupedGradients<Real>>(
      group_blocks(first_block, plan_.end(world.rank()), plan_.blocks, pass.lanes / config.block),
      static_cast<int>(config.block), plan_.blocks, size);
  network_ = std::make_unique<Network<Real>>(model_, layout_, parameters_.data(), pass);
  optimizer_ = make_optimizer<Real>(config, layout_);
  reducer_ = make_reducer<Real>(config.reducer, world, plan_, gradients_->results(),
                                gradients_->total().data(), size);
  if (touched > 0) {
    touched_rows_ = std::make_unique<TouchedRows>(network_->stage_range(0).first, model_.vocabulary,
                                                  row, gradients);
  }
  leaving_ =
      std::make_unique<LeavingGradients<Real>>(*gradients_, *reducer_, touched_rows_.get(), clock_);
  faults_ = FaultInjection::make(config, world.rank());
  decided_by_rank_0_ = !same_on_all_ranks(config.reducer);
  block_losses_.resize(static_cast<std::size_t>(blocks));
  block_targets_.resize(static_cast<std::size_t>(blocks));

  training_ = data.split("train");
  total_steps_ = total_steps(config, training_->size());
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
  LaneLayout lanes;
  lanes.lanes = config_.lanes;
  lanes.first_lane = first_lane_;
  lanes.last_lane = first_lane_ + lanes_;
  lanes.window = config_.window;
  lanes.varies = config_.window_varies;
  lanes.seed = config_.seed;
  batcher_.reset();  // its thread ends before another starts
  batcher_ = std::make_unique<LaneBatcher>(*training_, lanes, counters_.window);
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
  std::vector<std::int64_t> cursors(static_cast<std::size_t>(config_.lanes));
  for (std::size_t lane = 0; lane < cursors.size(); ++lane) {
    cursors[lane] = batcher_->cursor(static_cast<std::int64_t>(lane), counters_.window);
  }
  state.put<std::int64_t>("lanes/cursor", cursors, {static_cast<std::uint64_t>(cursors.size())})
      .attributes["meaning"] = "offset of each lane's next token in its epoch's concatenation";
  data_.vocabulary().save(state);
  state.texts["configuration"] = config_to_text(config_);
  state.texts["data_fingerprint"] = data_.file().fingerprint();
  state.texts["finished"] = is_finished() ? "true" : "false";
  state.texts["numerics"] = std::to_string(numerics_version);
  state.texts["task"] = "text";
  return state;
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
    epoch_ = training_cuts(config_, training_->size()).place(window - 1).epoch;
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
