// What rank 0 does with a run's news: progress on the screen, metrics and checkpoints in its
// folder.
#pragma once

#include <filesystem>
#include <memory>

#include "apps/words/trouble.hpp"
#include "rondo/io/event_log.hpp"
#include "rondo/io/metrics.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/checkpoint_writer.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/progress.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

// What cannot be written is told in a sentence and does not end training: lines of metrics.jsonl
// and TensorBoard's events wait for the next attempt, and the next checkpoint comes within seconds,
// whatever the rhythm; only the run's last checkpoint is the run's own failure. A run that has lost
// its folder's lock to another run ends by LostLock, and changes nothing in the folder any more.
class RunListener final : public TrainingListener {
 public:
  // Writes nothing yet: the run may still be refused. `first_pause`: seconds from a checkpoint's
  // first failure to the next attempt; later ones come after twice as long each time.
  RunListener(const Config& config, RunLock& lock,
              Progress::Output shown = Progress::standard_error(), double first_pause = 5);

  // Opens metrics.jsonl, and TensorBoard's file where one is asked for; reports need it. The step
  // that the run continues from, and that of the last validation before: later lines are cut off.
  // InputError if a file cannot be written.
  void open_metrics(std::int64_t last_step, std::int64_t validated_step);
  // The line of metrics.jsonl that this start of the run begins with; it is written with the first
  // line of what was done.
  void begin_metrics(const MetricsLine& start);
  // What speeds are compared with: floating-point operations a second of all ranks.
  void set_peak(double peak) { peak_ = peak; }

  void report(const ProgressReport& report) override;
  void validation(const ValidationReport& report) override;
  void check(const CheckReport& report) override;
  void sample(std::int64_t step, const std::string& text) override;
  void message(const std::string& sentence) override;
  void checkpoint(NamedState state, const DueCheckpoint& due) override;
  std::int64_t newest_checkpoint(std::int64_t last_step) override;

  // For the end of a run that fails: waits, no longer than the other ranks may be kept from their
  // end, until the checkpoints that were asked for are on disk.
  void save_what_was_asked();

  // Asked once a step: whether the clock asks for a checkpoint, because checkpoint-minutes are over
  // or one that failed is to be tried again. Tells of the failure, and of its end.
  bool checkpoint_is_due();

 private:
  void note(const MetricsLine& line);
  void tell_metrics(const std::string& trouble);
  void tell_events(const std::string& trouble);
  void tell_log(Trouble& known, const std::string& trouble, const char* file, std::int64_t lost);
  void recover_folder();
  void tell_checkpoints(const CheckpointWriter::News& news);
  void finish(const std::shared_ptr<const NamedState>& state, const DueCheckpoint& due);
  bool is_written(const DueCheckpoint& due);

  std::filesystem::path folder_, events_folder_;
  RunLock& lock_;
  double first_pause_;
  double checkpoint_seconds_;  // 0: by steps alone
  Progress progress_;
  std::unique_ptr<MetricsLog> metrics_;
  std::unique_ptr<EventLog> events_;  // null: nobody asks for it
  CheckpointWriter writer_;
  double checkpoint_time_;  // when the last was asked for, or the start
  // The folder could not be asked for its lock, since when; no checkpoint was asked for since.
  double folder_trouble_since_;
  Trouble checkpoint_trouble_, metrics_trouble_, events_trouble_;
  double peak_ = 0;  // 0: not known
};

}  // namespace rondo::apps
