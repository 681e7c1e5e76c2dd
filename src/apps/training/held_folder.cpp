#include "apps/training/held_folder.hpp"

#include <filesystem>

#include "apps/sweep/sweep_folder.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/signals.hpp"

namespace rondo::apps {

HeldFolder open_run_folder(const Config& config) {
  HeldFolder folder;
  const std::filesystem::path path = config.run;
  folder.made = std::make_unique<NewFolders>(path);
  folder.lock = std::make_unique<RunLock>(
      path, RunLock::Options{.wait = config.resume, .stop = stop_signalled});
  if (is_sweep(path)) {
    throw_input("{} is the folder of a sweep: add --sweep FILE, or name another --run", config.run);
  }
  // Asked under the lock: a run that is going on has a checkpoint at some time, and the sentence
  // about it must not depend on when.
  check_not_begun(config);
  remove_leftovers(path);
  if (!config.resume) return folder;
  if (const auto newest = newest_good_checkpoint(path, say)) {
    folder.saved = read_checkpoint(*newest);
  }
  return folder;
}

void check_not_begun(const Config& config) {
  if (config.resume || !holds_run(config.run)) return;
  throw_input("{} already holds a run; add --resume to go on with it, or name another --run",
              config.run);
}

void go_back_if_diverged(const Config& config, const std::string& saved_text, HeldFolder& folder) {
  Counters counters;
  counters.load(*folder.saved);
  const Config saved = config_from_text(saved_text, "the checkpoint");
  if (!counters.diverges() || !changes_updates(saved, config)) return;
  const auto good = newest_whole_checkpoint(config.run, counters.good_step);
  if (!good) return;
  say(
      fmt::format("the loss was not finite in the {} steps up to step {}: the run goes back to the "
                  "checkpoint of step {}, the newest known as good; later ones are kept under "
                  "other names, left-checkpoint-...",
                  counters.skipped_in_a_row, counters.step, good->step));
  folder.saved = read_checkpoint(good->path);
  folder.goes_back = true;
}

void clear_way(const Config& config, const HeldFolder& folder, bool resumes, std::int64_t step) {
  if (folder.goes_back) {
    folder.lock->check();
    leave_later(config.run, step);
  }
  if (resumes) return;
  folder.lock->check();
  const std::filesystem::path aside = set_metrics_aside(config.run);
  if (!aside.empty()) {
    say(fmt::format("{} had lines of a run without a checkpoint: they are kept in {}",
                    metrics_path(config.run).string(), aside.string()));
  }
}

}  // namespace rondo::apps
