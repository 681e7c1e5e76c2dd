// Training a language model by truncated back-propagation through time, on one rank of a world.
//
// All ranks construct a Trainer with the same configuration, data and parameters, and call the same
// methods in the same order; every decision that ends or divides the loop comes from reduced
// values. The weights after step s depend on the configuration, the data and the seed alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/small_sums.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/model/network.hpp"
#include "rondo/optim/clipping.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/grouped_gradients.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/progress.hpp"
#include "rondo/train/step_clock.hpp"
#include "rondo/train/touched_rows.hpp"

namespace rondo {

// What the world outside asks of a run; asked on every rank, once a step and every fraction of a
// second of a validation. What one rank is asked, all do at the end of that step, or between the
// same two windows of the validation.
struct Requests {
  bool stop = false;        // checkpoint and end
  bool checkpoint = false;  // checkpoint and go on
};

// Called in the course of each step, with the step's number, counted from 1, and between windows of
// the validation after it.
using AskRequests = std::function<Requests(std::int64_t step)>;

// What belongs to a step's gradient.
struct GradientOfStep {
  double loss = 0;     // nats over all valid targets
  double targets = 0;  // their weight
  double norm = 0;     // of the mean gradient, before clipping
};

// Of a checkpoint that is to be written.
struct DueCheckpoint {
  std::int64_t step = 0;
  std::int64_t good_step = -1;  // checkpoints up to it are known as good (train/counters.hpp)
  bool best = false;            // the validation at this step was the best so far
  bool last = false;            // the run ends here: a failure to write is a failure of the run
  bool again = false;           // the state is that of the checkpoint before, at the same step
};

// What a run tells its surroundings; called on rank 0 alone, but for gradient().
class TrainingListener {
 public:
  virtual ~TrainingListener() = default;
  virtual void report(const ProgressReport&) {}
  virtual void validation(const ValidationReport&) {}
  // Each check-every steps: the state after the step, before a validation.
  virtual void check(const CheckReport&) {}
  virtual void sample(std::int64_t /*step*/, const std::string& /*text*/) {}
  virtual void message(const std::string& /*sentence*/) {}
  // The whole run's state, to be written.
  virtual void checkpoint(NamedState /*state*/, const DueCheckpoint&) {}
  // Of a step, before it is scaled, clipped and applied: its sum over the targets of all ranks, the
  // same on each, in the order of the layout. On every rank that has a listener.
  virtual void gradient(std::span<const float>, const GradientOfStep&) {}
  virtual void gradient(std::span<const double>, const GradientOfStep&) {}
  // The step of the newest checkpoint on disk of those up to a step; -1: there is none.
  virtual std::int64_t newest_checkpoint(std::int64_t /*last_step*/) { return -1; }
};

template <class Real>
class LeavingGradients;
class FaultInjection;
class ScheduledSampling;

// InputError if there are more ranks than blocks of lanes, in training or in evaluation.
void check_rank_count(const Config& config, int ranks);
// Steps of the whole run: config.steps, or epochs of the training split. InputError if they are
// more than windows that vary can be.
std::int64_t total_steps(const Config& config, const WindowSource& training);

template <class Real>
class Trainer {
 public:
  // `config` is complete. The data set, the pool and the world outlive the trainer; `listener` may
  // be null on every rank but 0. Draws the initial parameters on rank 0 and broadcasts them.
  // Collective. InputError if there are more ranks than blocks.
  Trainer(const Config& config, const Dataset& data, Communicator& world, ThreadPool& pool,
          TrainingListener* listener);
  ~Trainer();

  // Continues from a state that rank 0 has (ignored elsewhere). Collective.
  void restore(NamedState state);
  // Takes the parameters alone from a state that rank 0 has: those that its model is evaluated by
  // (train/saved_run.hpp). Collective.
  void restore_parameters(NamedState state);

  // Trains to the end of the run, or until a request or max-steps stops it; both ways out write a
  // checkpoint. Returns `finished` or `stopped`. An agreed RunError after 100 steps in a row whose
  // loss or gradient is not finite, and where ranks' weights are no longer the same. Collective.
  //
  // At a step: update, report, write the checkpoint that is due, validate, write another one if the
  // validation was the best or the run ends or stops here, sample, stop. So a run that is killed in
  // a validation loses no step that was to be saved: the checkpoint's validation is pending then,
  // and comes first when it is resumed. A request to stop breaks a validation off, and one to save
  // is fulfilled in its midst. At the end of its length a run is finished once its last validation
  // is made.
  ExitCode run(const AskRequests& requests = {});

  // One step; for tests and benchmarks, which need no loop around it. Returns what is asked of any
  // rank. Collective.
  Requests step(const AskRequests& requests = {});
  // The whole run's state at rank 0, an empty one elsewhere. Collective.
  NamedState save();
  // Its digest likewise, as state_digest() of io/digests.hpp has it; the state is not copied as a
  // whole. Collective.
  std::string state_digest();
  Evaluation validate();

  const Counters& counters() const { return counters_; }
  std::int64_t total() const { return total_steps_; }
  // At the end of its length, or out of patience with validations that get no better, and no
  // validation is pending.
  bool is_finished() const;
  double last_loss() const { return step_loss_; }
  const ParameterLayout& layout() const { return layout_; }
  std::span<const Real> parameters() const { return parameters_; }
  // What evaluation and generation take: the average of the weights, where there is one.
  std::span<const Real> evaluated_parameters() const {
    return counters_.averaged(config_) > 0 ? average_ : parameters_;
  }
  const NetworkPlan& model() const { return model_; }
  // Where this rank is, for a watchdog.
  const Pulse& pulse() const { return pulse_; }

 private:
  struct StepSums {
    double loss = 0;     // nats over all valid targets
    double targets = 0;  // valid targets
  };

  void enter(Phase phase);
  void enter(Activity activity);
  void meet_fault(Activity activity);
  Requests ask(const AskRequests& requests, std::int64_t step);
  void note_losses(std::size_t group, const WindowView& part);
  StepSums join_sums(Requests& asked);
  void update(const StepSums& sums, int times);
  [[noreturn]] void end_diverged();
  void report();
  Evaluator<Real>& evaluator();
  bool is_due(std::int64_t every) const { return every > 0 && counters_.step % every == 0; }
  bool validation_is_pending() const;
  bool may_run_out_of_patience() const;
  bool is_saved() const;
  void judge_texts(Evaluation& evaluation);
  bool validate_and_note(const AskRequests& requests);
  bool close_step(const AskRequests& requests, const Requests& asked, bool at_limit);
  void show_sample(const AskRequests& requests);
  void compare_weights();
  void check();
  void checkpoint(bool last);
  void start_batcher();
  double rate_of(std::int64_t step) const;
  double share_of_own_symbols() const;
  bool leads() const { return world_.rank() == 0; }

  Config config_;
  const Dataset& data_;
  LossUnit loss_unit_;
  Communicator& world_;
  ThreadPool& pool_;
  TrainingListener* listener_;

  NetworkPlan model_;
  ParameterLayout layout_;
  LanePlan plan_;
  std::int64_t first_lane_ = 0;  // this rank's

  Buffer<Real> parameters_;
  Buffer<Real> average_;                               // of the parameters, where the run keeps one
  std::unique_ptr<GroupedGradients<Real>> gradients_;  // their total becomes the global sum
  std::unique_ptr<Network<Real>> network_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  std::unique_ptr<Reducer<Real>> reducer_;
  std::unique_ptr<TouchedRows> touched_rows_;  // of the embedding, where it is large
  std::unique_ptr<LeavingGradients<Real>> leaving_;
  SmallSums small_sums_;
  std::unique_ptr<WindowSource> training_;
  std::unique_ptr<WindowSource> validation_;
  std::unique_ptr<Batcher> batcher_;
  std::unique_ptr<ScheduledSampling> sampling_;  // null: every step reads what is right
  std::unique_ptr<Evaluator<Real>> evaluator_;
  const Real* evaluator_parameters_ = nullptr;  // that it was made for

  Counters counters_;
  std::int64_t total_steps_ = 0;
  std::int64_t epoch_ = 0;
  double step_loss_ = 0;  // mean of the last step
  GradientScale scale_;
  bool best_now_ = false;
  Requests waiting_;                // what this rank was asked, and the ranks have not joined yet
  bool decided_by_rank_0_ = false;  // the reducer does not promise equal bits on all ranks
  std::vector<double> block_losses_;
  std::vector<double> block_targets_;

  Pulse pulse_;
  StepClock clock_{pulse_};
  std::unique_ptr<FaultInjection> faults_;  // a test's
  // Rank 0's clock, for reports alone.
  double started_ = 0, reported_ = 0;
  std::int64_t first_step_ = 0, reported_step_ = 0;
  // Since the last report: steps of all the run's lanes, and of these what sequences cover.
  std::int64_t reported_steps_ = 0, reported_covered_ = 0;
  std::int64_t checkpoint_step_ = -1;
  std::int64_t checkpoint_validated_ = -1;  // counters_.validated_step in that checkpoint
  std::int64_t compared_step_ = -1;
};

}  // namespace rondo
