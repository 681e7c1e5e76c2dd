// What rank 0 does with a run's news: progress on the screen, metrics and checkpoints in its
// folder.
#pragma once

#include <filesystem>
#include <memory>

#include "rondo/core/config.hpp"
#include "rondo/io/metrics.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/checkpoint_writer.hpp"
#include "rondo/train/progress.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

// A run that has lost its folder's lock to another run ends at its next report, validation or
// checkpoint, by the RunError of RunLock::check(), and changes nothing in the folder any more.
class RunListener final : public TrainingListener {
 public:
  // Writes nothing yet: the run may still be refused.
  RunListener(const Config& config, const RunLock& lock);

  // Opens metrics.jsonl; reports need it. `last_step`: the step that the run continues from; later
  // lines are cut off. InputError if the file cannot be written.
  void open_metrics(std::int64_t last_step);
  // What speeds are compared with: floating-point operations a second of all ranks.
  void set_peak(double peak) { peak_ = peak; }

  void report(const ProgressReport& report) override;
  void validation(const ValidationReport& report) override;
  void sample(std::int64_t step, const std::string& text) override;
  void message(const std::string& sentence) override;
  void checkpoint(NamedState state, std::int64_t step, bool best, bool last) override;

  // Seconds since a checkpoint was last asked for, or since the start.
  double seconds_since_checkpoint() const;

 private:
  void note(const MetricsLine& line);

  std::filesystem::path folder_;
  const RunLock& lock_;
  Progress progress_;
  std::unique_ptr<MetricsLog> metrics_;
  CheckpointWriter writer_;
  double checkpoint_time_;
  double peak_ = 0;  // 0: not known
};

}  // namespace rondo::apps
