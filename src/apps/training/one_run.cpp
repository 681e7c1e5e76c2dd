#include "apps/training/one_run.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "apps/again/past_run.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/before_training.hpp"
#include "apps/training/first_parameters.hpp"
#include "apps/training/held_folder.hpp"
#include "apps/training/opened_data.hpp"
#include "apps/training/phase.hpp"
#include "apps/training/plan_report.hpp"
#include "apps/training/run_listener.hpp"
#include "apps/training/settled_run.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/version.hpp"
#include "rondo/io/event_log.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_model.hpp"
#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"
#include "rondo/train/watchdog.hpp"
#include "train/saved/word_vectors.hpp"

namespace rondo::apps {
namespace {

// The steps, with a watchdog beside them, up to the point where all durable work of all ranks is
// done; `last` as in end_at_once.
ExitCode run_watched(Communicator& world, const Config& config, const Pulse& pulse,
                     const std::function<ExitCode()>& run, const std::function<void()>& last) {
  std::optional<Watchdog> watchdog;
  if (config.hang_minutes > 0) {
    watchdog.emplace(world, pulse, Watchdog::Options{60 * config.hang_minutes, {}, {}});
  }
  ExitCode code = ExitCode::failure;
  try {
    end_at_once(
        world,
        [&] {
          code = run();
          world.barrier();
        },
        last);
  } catch (const AgreedError&) {
    if (watchdog) watchdog->finish();
    throw;
  }
  if (watchdog) watchdog->finish();
  return code;
}

template <class Real>
RunEnd train(Communicator& world, const Config& config, const Dataset& data, HeldFolder& folder,
             ThreadPool& pool, const RunSurroundings& around) {
  const bool leads = world.rank() == 0;
  std::unique_ptr<RunListener> listener;
  if (leads) listener = std::make_unique<RunListener>(config, *folder.lock, around.shown);

  phase(world, [&] {
    if (config.frozen_vectors) table_of_words(data.model(config), data.columns());
    check_memory(needed_memory<Real>(config, data, world));
    if (leads && !folder.saved) check_room(config, data, false);
    if (leads) check_event_folder(config.tensorboard, !config.resume);
    if (folder.saved) {
      check_saved_run<Real>(config, data, *folder.saved, "the checkpoint in " + config.run);
    }
  });
  Trainer<Real> trainer(config, data, world, pool, listener.get());
  std::int64_t resumes = folder.saved ? 1 : 0;
  world.maximum(std::span(&resumes, 1));
  if (resumes != 0) {
    trainer.restore(folder.saved ? std::move(*folder.saved) : NamedState{});
    folder.saved.reset();
  } else {
    begin_as_asked(world, config, data, trainer);
  }
  const std::int64_t step = trainer.counters().step;
  if (leads) {
    if (config.resume && resumes == 0) {
      say(fmt::format("there is no checkpoint in {} yet: starting at step 0", config.run));
    }
    say(describe_run(world, config, trainer.layout(), pool.threads(), step, trainer.total()));
  }
  if (trainer.is_finished()) {
    if (leads) say(fmt::format("the run is finished: step {} of {}", step, trainer.total()));
    return {ExitCode::finished, step, trainer.total()};
  }
  if (around.advises) say_notices(world, config, data);
  phase(world, [&] {
    if (!leads) return;
    if (resumes != 0) check_room(config, data, true);
    clear_way(config, folder, resumes != 0, step);
    listener->open_metrics(step, trainer.counters().validated_step);
  });
  std::string digest = trainer.state_digest();
  if (leads) {
    listener->begin_metrics(
        make_metrics_line(RunStart{step, world.size(), numerics_version, data.file().fingerprint(),
                                   config_to_text(config), std::move(digest)}));
  }
  const double peak = peak_of_all(world, pool);
  if (leads) listener->set_peak(peak);

  const auto asked = [&](std::int64_t) {
    Requests requests{around.stops(), take_checkpoint_signal()};
    if (leads) {  // rank 0 alone reads clocks
      const std::chrono::duration<double, std::ratio<60>> minutes =
          std::chrono::steady_clock::now() - around.started;
      requests.stop |= config.max_minutes > 0 && minutes.count() >= config.max_minutes;
      requests.checkpoint |= listener->checkpoint_is_due();
    }
    return requests;
  };
  const ExitCode code = run_watched(
      world, config, trainer.pulse(), [&] { return trainer.run(asked); },
      [&] {
        if (leads) listener->save_what_was_asked();
      });
  if (leads && code == ExitCode::finished && trainer.counters().step < trainer.total()) {
    listener->message(fmt::format(
        "ended at step {} of {}: {} validations in a row were no better than that of step {}",
        trainer.counters().step, trainer.total(), trainer.counters().stale,
        trainer.counters().best_step));
  }
  return {code, trainer.counters().step, trainer.total()};
}

// Beside those that settings alone leave without effect.
void say_idle_keys(const Config& config, const std::set<std::string>& given, const Dataset& data) {
  std::vector<IdleName> idle = data.task().idle_keys(config, data.stored_columns());
  std::erase_if(idle, [&](const IdleName& key) { return !given.contains(key.name); });
  say_if_any(idle_sentence(idle));
}

}  // namespace

RunEnd train_run(Communicator& world, const TrainOptions& options, const RunSurroundings& around) {
  const bool leads = world.rank() == 0;
  HeldFolder folder;
  SavedTexts saved;
  phase(world, [&] {
    if (!leads || options.config.dry_run) return;
    folder = open_run_folder(options.config);
    if (folder.saved) saved = saved_texts(*folder.saved, options.config.run);
  });
  for (std::string* text : {&saved.configuration, &saved.numerics, &saved.fingerprint}) {
    broadcast(world, *text, 0);
  }

  Config config;
  phase(world, [&] {
    config = settled_config(options, saved, world.size(), leads && around.advises);
    if (leads && folder.saved) go_back_if_diverged(config, saved.configuration, folder);
  });
  check_same(world, shared_config_text(config), "configuration");

  const int usual_threads = default_threads(world);
  if (config.threads == 0) config.threads = usual_threads;
  phase(world, [&] {
    kernels::select_target(config.vector);
    kernels::set_float_mode();
    kernels::check_float_mode();
    kernels::prove_target();
  });
  const std::unique_ptr<Dataset> data = open_data(world, config, data_choose_state(options, saved));
  phase(world, [&] {
    check_same_data(config, *data, saved);
    settle_by_data(config, options, saved, *data);
  });
  if (leads && around.advises) say_idle_keys(config, options.given, *data);
  if (config.dry_run) {
    if (leads) print_result("{}", describe_plan(world, config, *data));
    return {ExitCode::finished};
  }
  ThreadPool pool(static_cast<int>(config.threads), kernels::set_float_mode);
  return config.precision == "double" ? train<double>(world, config, *data, folder, pool, around)
                                      : train<float>(world, config, *data, folder, pool, around);
}

}  // namespace rondo::apps
