// The training loop: the only file where all parts meet. step() is the one to read first.
#include "rondo/train/trainer.hpp"

#include <cmath>
#include <utility>

#include "rondo/optim/average.hpp"
#include "rondo/optim/schedule.hpp"
#include "train/gradients/leaving_gradients.hpp"
#include "train/scheduled_sampling.hpp"
#include "train/watch/fault_injection.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_skipped_in_a_row = 100;

}  // namespace

template <class Real>
Requests Trainer<Real>::step(const AskRequests& requests) {
  pulse_.begin_step(counters_.step + 1);
  enter(Phase::data);
  const Window& data = sampling_ ? sampling_->take(batcher_->next()) : batcher_->next();
  const WindowView window(data, first_lane_);
  epoch_ = data.epoch;

  clock_.enter(Phase::reduce);
  if (touched_rows_)
    touched_rows_->agree(world_,
                         data.axes[0].tokens[static_cast<std::size_t>(touched_rows_->column())]);
  for (std::size_t group = 0; group < gradients_->groups(); ++group) {
    enter(Phase::forward);
    const WindowView part = gradients_->part(group, window);
    network_->forward(part, pool_);
    if (sampling_ && sampling_->replace(part, *network_, share_of_own_symbols())) {
      network_->forward(part, pool_);
    }
    note_losses(group, part);
    enter(Phase::backward);
    leaving_->begin(group);
    for (int stage = network_->stages() - 1; stage >= 0; --stage) {
      // What is final leaves at once.
      network_->backward(stage, part, gradients_->sums(group), pool_, *leaving_);
    }
    network_->carry(part);
  }
  enter(Phase::reduce);
  reducer_->finish();
  if (touched_rows_) touched_rows_->unpack(gradients_->total().data());
  network_->finish_gradient(window.index, gradients_->total(), pool_);
  Requests asked = ask(requests, counters_.step + 1);
  const StepSums sums = join_sums(asked);

  enter(Phase::optimizer);
  update(sums, window.times);
  const std::int64_t steps = config_.lanes * window.times;
  reported_steps_ += steps;
  reported_covered_ += data.covered < 0 ? steps : data.covered;
  ++counters_.window;
  ++counters_.step;
  counters_.report_loss += sums.loss;
  counters_.report_targets += sums.targets;
  step_loss_ = sums.targets > 0 ? sums.loss / sums.targets : 0;
  clock_.end_step();
  return asked;
}

// What this rank is asked now, and was and has not told the others.
template <class Real>
Requests Trainer<Real>::ask(const AskRequests& requests, std::int64_t step) {
  const Requests now = requests ? requests(step) : Requests{};
  waiting_.stop |= now.stop;
  waiting_.checkpoint |= now.checkpoint;
  return std::exchange(waiting_, {});
}

template <class Real>
void Trainer<Real>::enter(Phase phase) {
  clock_.enter(phase);
  if (faults_) meet_fault(activity_of(phase));
}

template <class Real>
void Trainer<Real>::enter(Activity activity) {
  pulse_.enter(activity);
  if (faults_) meet_fault(activity);
}

template <class Real>
void Trainer<Real>::meet_fault(Activity activity) {
  faults_->meet({Pulse::place(pulse_.word()).step, activity},
                std::as_writable_bytes(std::span<Real>(parameters_)));
}

template <class Real>
void Trainer<Real>::note_losses(std::size_t group, const WindowView& part) {
  const std::size_t first = gradients_->first_block(group);
  const std::size_t count = gradients_->blocks(group);
  network_->block_losses(part, static_cast<int>(config_.block),
                         std::span(block_losses_).subspan(first, count),
                         std::span(block_targets_).subspan(first, count));
}

// Loss and valid targets of all blocks, by the tree; with them travels what is asked of the ranks,
// joined by maximum: a request on any rank becomes every rank's, at the same step.
template <class Real>
typename Trainer<Real>::StepSums Trainer<Real>::join_sums(Requests& asked) {
  for (std::size_t b = 0; b < block_losses_.size(); ++b) {
    small_sums_.block(b)[0] = block_losses_[b];
    small_sums_.block(b)[1] = block_targets_[b];
  }
  small_sums_.flags()[0] = asked.stop ? 1 : 0;
  small_sums_.flags()[1] = asked.checkpoint ? 1 : 0;
  small_sums_.join();
  asked = {small_sums_.flags()[0] != 0, small_sums_.flags()[1] != 0};
  return {small_sums_.totals()[0], small_sums_.totals()[1]};
}

// Scale, clip, step: nothing else changes parameters. A step whose loss or gradient is not finite
// touches neither weights nor moments, and lanes whose state it spoilt start afresh. Where windows
// vary, the rate is for one of the configured length, and goes with a window's own.
template <class Real>
void Trainer<Real>::update(const StepSums& sums, int times) {
  if (sums.targets == 0) return;
  const std::span<Real> gradient = gradients_->total().first(layout_.size());
  double squares = gradient_squares<Real>(layout_, gradient, pool_);
  if (decided_by_rank_0_) {
    world_.broadcast(std::as_writable_bytes(std::span(&squares, 1)), 0);
  }
  scale_ = gradient_scale(squares, sums.targets, config_.clip_norm);
  if (listener_ != nullptr) {
    listener_->gradient(std::span<const Real>(gradient), {sums.loss, sums.targets, scale_.norm});
  }
  if (!std::isfinite(sums.loss) || !std::isfinite(scale_.norm)) {
    network_->reset_non_finite();
    ++counters_.skipped_in_a_row;
    return;
  }
  counters_.skipped_in_a_row = 0;
  counters_.note_loss(sums.loss / sums.targets);
  ++counters_.update;
  if (config_.clip_value > 0) clip_by_value(scale_, config_.clip_value, gradient, pool_);
  double rate = rate_of(counters_.step);
  if (config_.window_varies) rate *= times / static_cast<double>(config_.window);
  optimizer_->step(scale_.factor, rate, counters_.update, parameters_, gradient, pool_);
  if (const std::int64_t averaged = counters_.averaged(config_); averaged > 0) {
    take_into_average<Real>(average_weight(config_, averaged), parameters_, average_, pool_);
  }
  network_->pack(pool_);
}

// It grows with the run, from none at its beginning.
template <class Real>
double Trainer<Real>::share_of_own_symbols() const {
  return config_.scheduled_sampling * static_cast<double>(counters_.step) /
         static_cast<double>(total_steps_);
}

template <class Real>
double Trainer<Real>::rate_of(std::int64_t step) const {
  return scheduled_rate(config_, step, {total_steps_, epoch_, counters_.decays});
}

// The run's last checkpoint tells whoever resumes it, otherwise than before, to go back to a good
// one. Which of these are on disk, rank 0 alone knows.
template <class Real>
void Trainer<Real>::end_diverged() {
  if (!is_saved()) checkpoint(false);
  std::int64_t good = -1;
  if (leads() && listener_ != nullptr) {
    enter(Activity::files);
    good = listener_->newest_checkpoint(counters_.good_step);
  }
  world_.broadcast(std::as_writable_bytes(std::span(&good, 1)), 0);
  const std::string advice =
      good >= 0 ? fmt::format(
                      "add --resume and a lower --rate or --clip-norm, to go on from the "
                      "checkpoint of step {} in {}, the newest known as good",
                      good, config_.run)
                : "no checkpoint is known as good: begin anew in another folder, with a lower "
                  "--rate or with --clip-norm";
  throw_agreed(ExitCode::failure,
               fmt::format("the loss or the gradient was not finite {} steps in a row, up to step "
                           "{}; {}",
                           counters_.skipped_in_a_row, counters_.step, advice));
}

template <class Real>
ExitCode Trainer<Real>::run(const AskRequests& requests) {
  if (is_finished()) return ExitCode::finished;
  const std::int64_t first = counters_.step;
  first_step_ = reported_step_ = first;
  started_ = reported_ = StepClock::now();
  pulse_.begin_step(first);
  if (counters_.skipped_in_a_row >= most_skipped_in_a_row) end_diverged();
  // A validation that was due where the checkpoint was taken, and is not in it, comes first.
  if (validation_is_pending() && close_step(requests, {}, false)) return ExitCode::stopped;
  if (first == 0 && config_.checkpoint_every > 0) checkpoint(false);

  while (!is_finished()) {
    const Requests asked = step(requests);
    if (counters_.skipped_in_a_row >= most_skipped_in_a_row) end_diverged();
    const bool at_limit = config_.max_steps > 0 && counters_.step - first >= config_.max_steps;
    if (is_due(config_.check_every)) check();
    if (is_due(config_.report_every) || counters_.step >= total_steps_ || asked.stop || at_limit ||
        may_run_out_of_patience()) {
      report();
    }
    if (close_step(requests, asked, at_limit)) return ExitCode::stopped;
  }
  return ExitCode::finished;
}

// What comes behind a step's report; whether the run stops here. Whoever asks for that does not
// wait for a validation or a sample.
template <class Real>
bool Trainer<Real>::close_step(const AskRequests& requests, const Requests& asked, bool at_limit) {
  bool saves = (is_due(config_.checkpoint_every) || asked.checkpoint) && !is_saved();
  bool hurries = asked.stop;
  best_now_ = false;
  if (validation_is_pending() && !hurries) {
    // What is to be saved is on its way to the disk before, as this may take long.
    if (saves || ((at_limit || counters_.step >= total_steps_) && !is_saved())) checkpoint(false);
    saves = false;
    hurries = !validate_and_note(requests);
  }
  const bool ends = is_finished();
  const bool stops = !ends && (hurries || at_limit);
  if (saves || best_now_ || ends || stops) checkpoint(ends || stops);
  const bool samples = is_due(config_.sample_every) || (ends && config_.sample_every > 0);
  if (samples && !hurries) show_sample(requests);
  if (ends || stops) pulse_.enter(Activity::end);
  return stops;
}

// Whether the checkpoint before is of this very state.
template <class Real>
bool Trainer<Real>::is_saved() const {
  return checkpoint_step_ == counters_.step && checkpoint_validated_ == counters_.validated_step;
}

// The report comes before the validation that may end the run, as every other does.
template <class Real>
bool Trainer<Real>::may_run_out_of_patience() const {
  return config_.patience > 0 && counters_.stale + 1 >= config_.patience && validation_is_pending();
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace rondo
