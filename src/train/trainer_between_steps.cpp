// What a trainer does between steps: reports, validations, samples, checkpoints.
#include <limits>
#include <optional>
#include <utility>

#include "rondo/train/trainer.hpp"
#include "tasks/decoding/judge.hpp"
#include "tasks/decoding/said_column.hpp"
#include "train/gradients/leaving_gradients.hpp"
#include "train/watch/fault_injection.hpp"
#include "train/watch/pace.hpp"

namespace rondo {
namespace {

constexpr double seconds_between_looks = 0.2;  // at what is asked, in a validation

}  // namespace

template <class Real>
void Trainer<Real>::report() {
  enter(Activity::report);
  StepTimes times = gather_step_times(world_, clock_);
  clock_.clear();
  const double time = StepClock::now();
  if (leads() && listener_ != nullptr) {
    const double seconds = time - reported_;
    const auto tokens = static_cast<double>(reported_covered_);
    ProgressReport report;
    report.step = counters_.step;
    report.total_steps = total_steps_;
    report.epoch = epoch_;
    report.targets = static_cast<std::int64_t>(counters_.report_targets);
    report.loss = report.targets > 0 ? counters_.report_loss / counters_.report_targets
                                     : std::numeric_limits<double>::quiet_NaN();
    report.unit = loss_unit_;
    if (seconds > 0) {
      report.tokens_per_second = tokens / seconds;
      report.gflops = report.tokens_per_second *
                      model_.training_flops_per_step(training_->second_steps()) * 1e-9;
    }
    report.filled = tokens / static_cast<double>(reported_steps_);
    report.rate = rate_of(counters_.step - 1);
    report.gradient_norm = scale_.norm;
    report.seconds = time - started_;
    const auto done = static_cast<double>(counters_.step - first_step_);
    report.seconds_left =
        report.seconds / done * static_cast<double>(total_steps_ - counters_.step);
    report.last_checkpoint_step = checkpoint_step_;
    report.times = std::move(times);
    enter(Activity::files);
    listener_->report(report);
    if (counters_.skipped_in_a_row > 0) {
      listener_->message(
          fmt::format("the last {} steps changed nothing: their loss or gradient was "
                      "not finite",
                      counters_.skipped_in_a_row));
    }
  }
  reported_ = time;
  reported_step_ = counters_.step;
  reported_steps_ = 0;
  reported_covered_ = 0;
  counters_.report_loss = 0;
  counters_.report_targets = 0;
}

// What ranks have in common may still be wrong, by a bit that turned over in a gradient, or in a
// run of one rank: the digest stays, for whoever trains these steps again.
template <class Real>
void Trainer<Real>::check() {
  compare_weights();
  enter(Activity::comparison);
  std::string digest = state_digest();
  if (!leads() || listener_ == nullptr) return;
  enter(Activity::files);
  listener_->check({counters_.step, epoch_, std::move(digest)});
}

template <class Real>
Evaluator<Real>& Trainer<Real>::evaluator() {
  const Real* const parameters = evaluated_parameters().data();
  if (!validation_) validation_ = data_.split("validation");
  if (evaluator_parameters_ != parameters) {
    evaluator_.reset();  // before there are two
    evaluator_ = std::make_unique<Evaluator<Real>>(model_, layout_, parameters,
                                                   evaluation_shape(config_, *validation_), world_);
    evaluator_parameters_ = parameters;
  }
  return *evaluator_;
}

template <class Real>
Evaluation Trainer<Real>::validate() {
  Evaluator<Real>& evaluator = this->evaluator();
  enter(Activity::validation);
  Evaluation evaluation =
      *measure(evaluator, *validation_, data_.task(), data_.columns(), pool_, &pulse_);
  judge_texts(evaluation);
  return evaluation;
}

// Where the run is judged by what it says.
template <class Real>
void Trainer<Real>::judge_texts(Evaluation& evaluation) {
  if (config_.validation_texts == 0) return;
  enter(Activity::validation);
  tasks::Judged judged;
  judged.decode = tasks::usual_search(*tasks::said_column_of(data_.columns()));
  judged.lengths = tasks::usual_lengths(data_.columns());
  judged.sequences = config_.validation_texts;
  const tasks::MakeScorer voter = [this](int lanes, int times) {
    return std::make_unique<tasks::NetworkScorer<Real>>(
        model_, layout_, evaluated_parameters().data(), lanes, times, pool_);
  };
  tasks::judge_texts(
      {&voter, 1}, *validation_, data_.columns(), judged, world_, pool_, [this] { pulse_.beat(); },
      evaluation);
}

// Whether it was made: a request to stop breaks it off, on all ranks before the same window.
template <class Real>
bool Trainer<Real>::validate_and_note(const AskRequests& requests) {
  const double begun = StepClock::now();
  Evaluator<Real>& evaluator = this->evaluator();
  Pace pace(seconds_between_looks, begun);
  const auto look_up = [&]() -> std::int64_t {
    pulse_.enter(Activity::joining);
    const Requests asked = ask(requests, counters_.step);
    std::int64_t joined[] = {asked.stop, asked.checkpoint,
                             leads() ? pace.next(StepClock::now()) : 0};
    world_.maximum(joined);
    if (joined[0] != 0) return 0;
    if (joined[1] != 0) checkpoint(false);
    pulse_.enter(Activity::validation);
    return joined[2];
  };
  enter(Activity::validation);
  std::optional<Evaluation> evaluation =
      measure(evaluator, *validation_, data_.task(), data_.columns(), pool_, &pulse_, look_up);
  if (evaluation) judge_texts(*evaluation);
  const double time = StepClock::now();
  reported_ += time - begun;  // the speed of training leaves validation out
  if (evaluation) best_now_ = counters_.note_validation(config_, evaluation->score);
  if (leads() && listener_ != nullptr) {
    enter(Activity::files);
    if (evaluation) {
      listener_->validation({counters_.step, epoch_, "validation", evaluation->loss,
                             evaluation->targets, loss_unit_, time - begun, best_now_,
                             evaluation->figures});
    } else {
      listener_->message(
          fmt::format("the validation of step {} is broken off, and comes first "
                      "when the run goes on",
                      counters_.step));
    }
  }
  return evaluation.has_value();
}

template <class Real>
void Trainer<Real>::show_sample(const AskRequests& requests) {
  if (!leads() || listener_ == nullptr) return;
  enter(Activity::sample);
  const double begun = StepClock::now();
  const TrainedNetwork<Real> network{model_, layout_, evaluated_parameters().data()};
  const auto ends = [&] {  // what else is asked waits for the next step
    pulse_.beat();
    waiting_ = ask(requests, counters_.step);
    return waiting_.stop;
  };
  const std::optional<std::string> sample =
      data_.task().sample(data_, network, static_cast<std::uint64_t>(counters_.step), ends);
  if (sample && !waiting_.stop) listener_->sample(counters_.step, *sample);
  reported_ += StepClock::now() - begun;
}

template <class Real>
void Trainer<Real>::checkpoint(bool last) {
  compare_weights();
  enter(Activity::checkpoint);
  NamedState state = save();
  const DueCheckpoint due = {counters_.step, counters_.good_step, best_now_, last, is_saved()};
  checkpoint_step_ = counters_.step;
  checkpoint_validated_ = counters_.validated_step;
  if (leads() && listener_ != nullptr) {
    enter(Activity::files);
    listener_->checkpoint(std::move(state), due);
  }
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace rondo
