#include "apps/training/run_listener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

namespace rondo::apps {
namespace {

// All ranks end within five seconds of an error on one of them. The launcher needs about one.
constexpr std::chrono::milliseconds longest_last_write(3000);

constexpr double never = std::numeric_limits<double>::infinity();

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

RunListener::RunListener(const Config& config, RunLock& lock, Progress::Output shown,
                         double first_pause)
    : folder_(config.run),
      events_folder_(config.tensorboard),
      lock_(lock),
      first_pause_(first_pause),
      checkpoint_seconds_(60 * config.checkpoint_minutes),
      progress_(std::move(shown)),
      writer_(folder_, lock, config.keep),
      checkpoint_time_(now()),
      folder_trouble_since_(never),
      checkpoint_trouble_(first_pause),
      metrics_trouble_(first_pause),
      events_trouble_(first_pause) {}

void RunListener::open_metrics(std::int64_t last_step, std::int64_t validated_step) {
  metrics_ = std::make_unique<MetricsLog>(metrics_path(folder_), last_step, validated_step);
  if (!events_folder_.empty()) events_ = std::make_unique<EventLog>(events_folder_, last_step);
}

void RunListener::begin_metrics(const MetricsLine& start) { metrics_->hold(start); }

void RunListener::report(const ProgressReport& report) {
  ProgressReport shown = report;
  shown.last_checkpoint_step = writer_.written_step();
  if (peak_ > 0) shown.share_of_peak = report.gflops * 1e9 / peak_;
  progress_.report(shown);
  note(make_metrics_line(shown));
}

void RunListener::validation(const ValidationReport& report) {
  progress_.validation(report);
  note(make_metrics_line(report));
}

void RunListener::check(const CheckReport& report) { note(make_metrics_line(report)); }

void RunListener::sample(std::int64_t step, const std::string& text) {
  progress_.sample(step, text);
}

void RunListener::message(const std::string& sentence) { progress_.message(sentence); }

void RunListener::checkpoint(NamedState state, const DueCheckpoint& due) {
  recover_folder();
  checkpoint_time_ = now();
  checkpoint_trouble_.begin();
  folder_trouble_since_ = never;
  const auto shared = std::make_shared<const NamedState>(std::move(state));
  if (due.last) {
    finish(shared, due);
  } else {
    writer_.submit(shared, due.step, due.best, due.good_step);
  }
}

std::int64_t RunListener::newest_checkpoint(std::int64_t last_step) {
  save_what_was_asked();
  try {
    const auto newest = newest_whole_checkpoint(folder_, last_step);
    return newest ? newest->step : -1;
  } catch (const Error&) {
    return -1;
  }
}

// The folder is made again if it was removed. Where that fails, so does writing, which tells why.
void RunListener::recover_folder() {
  try {
    if (lock_.recover()) {
      message(fmt::format("the run folder '{}' or the lock in it was removed, and is made again",
                          folder_.string()));
    }
  } catch (const LostLock&) {
    throw;
  } catch (const RunError&) {
    return;
  }
}

bool RunListener::checkpoint_is_due() {
  tell_checkpoints(writer_.take_news());
  const double time = now();
  return time >= checkpoint_trouble_.next() || time >= folder_trouble_since_ + first_pause_ ||
         (checkpoint_seconds_ > 0 && time - checkpoint_time_ >= checkpoint_seconds_);
}

void RunListener::save_what_was_asked() {
  if (!writer_.drain_for(longest_last_write)) {
    message("the checkpoint under way is not on the disk 3 s after the error, and is given up");
  }
}

void RunListener::tell_checkpoints(const CheckpointWriter::News& news) {
  if (news.lost_lock) throw LostLock(news.trouble);
  if (news.failing && !news.trouble.empty()) {
    const double time = now();
    if (!checkpoint_trouble_.failed(time)) return;
    const int failures = checkpoint_trouble_.failures();
    message(fmt::format("{}{}; training goes on, and the next attempt comes in {:.0f} s",
                        news.trouble,
                        failures > 1 ? fmt::format(" (failure {} in a row)", failures) : "",
                        checkpoint_trouble_.next() - time));
    return;
  }
  // What could not be removed, say: the checkpoint is on the disk all the same.
  if (!news.trouble.empty()) message(news.trouble);
  if (!news.failing && checkpoint_trouble_.worked()) {
    message(fmt::format("checkpoints are written again: that of step {} is on the disk",
                        writer_.written_step()));
  }
}

// Whether it is on the disk already, as the one before it is of the same state. Waits for that one.
bool RunListener::is_written(const DueCheckpoint& due) {
  if (!due.again) return false;
  writer_.drain();
  return writer_.written_step() == due.step &&
         check_checkpoint(checkpoint_path(folder_, due.step)).empty();
}

// The run's last checkpoint. A few more attempts, in case that the trouble is short; the ranks
// wait.
void RunListener::finish(const std::shared_ptr<const NamedState>& state, const DueCheckpoint& due) {
  bool written = is_written(due);
  for (double pause = first_pause_ / 5;; pause *= 2) {
    if (!std::exchange(written, false)) writer_.submit(state, due.step, due.best, due.good_step);
    writer_.drain();
    const CheckpointWriter::News news = writer_.take_news();
    if (!news.failing) {
      tell_checkpoints(news);
      break;
    }
    if (news.lost_lock) throw LostLock(news.trouble);
    if (pause > 2 * first_pause_) {
      throw_run("the run's last checkpoint, of step {}, is not on the disk: {}", due.step,
                news.trouble);
    }
    message(fmt::format("{}; the run's last checkpoint is tried again in {:.0f} s", news.trouble,
                        pause));
    std::this_thread::sleep_for(std::chrono::duration<double>(pause));
    recover_folder();
  }
  if (metrics_trouble_.failures() > 0) tell_metrics(metrics_->write());
  if (metrics_trouble_.failures() > 0) message("the last lines of metrics.jsonl are lost");
  if (events_trouble_.failures() > 0) tell_events(events_->write());
  if (events_trouble_.failures() > 0) message("the last lines of TensorBoard's file are lost");
}

void RunListener::note(const MetricsLine& line) {
  std::string trouble;
  try {
    lock_.check();
  } catch (const LostLock&) {
    throw;
  } catch (const RunError& error) {
    trouble = error.what();
    // The folder is gone, say, and its checkpoints with it.
    folder_trouble_since_ = std::min(folder_trouble_since_, now());
  }
  if (trouble.empty()) {
    trouble = metrics_->append(line);
  } else {
    metrics_->hold(line);
  }
  tell_metrics(trouble);
  if (events_) tell_events(events_->append(line));
}

void RunListener::tell_metrics(const std::string& trouble) {
  tell_log(metrics_trouble_, trouble, "metrics.jsonl", metrics_->lost());
}

void RunListener::tell_events(const std::string& trouble) {
  tell_log(events_trouble_, trouble, "TensorBoard's file", events_->lost());
}

void RunListener::tell_log(Trouble& known, const std::string& trouble, const char* file,
                           std::int64_t lost) {
  if (!trouble.empty()) {
    if (known.failed(now())) {
      message(fmt::format("{}; training goes on, and the lines of {} wait", trouble, file));
    }
  } else if (known.worked()) {
    message(lost == 0 ? fmt::format("{} is written again", file)
                      : fmt::format("{} is written again, but {} lines are lost", file, lost));
  }
}

}  // namespace rondo::apps
