// What the user sees of a training run, on standard error.
//
// On a terminal the report of the current step is one line, rewritten in place; elsewhere (a file,
// a pipe, a job's log) each report is a line of its own. Validations, samples and messages are
// lines that stay; they never tear the rewritten one. Rank 0 alone has a Progress, on one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/io/metrics.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "rondo/train/step_clock.hpp"

namespace rondo {

// The state of training after a step. Losses are nats a target.
struct ProgressReport {
  std::int64_t step = 0;
  std::int64_t total_steps = 0;
  std::int64_t epoch = 0;  // from 0, shown from 1
  double loss = 0;         // mean over the targets since the last report; NaN: there were none
  std::int64_t targets = 0;
  LossUnit unit = LossUnit::nats;
  double tokens_per_second = 0;  // steps that sequences cover, all ranks
  double filled = 1;             // their share of the windows' steps; 1 in streams
  double gflops = 0;             // useful arithmetic, all ranks, 1e9 a second
  double share_of_peak = 0;      // `gflops` over what all threads of all ranks can; 0: not known
  double rate = 0;
  double gradient_norm = 0;                // before clipping
  double seconds = 0;                      // since the start of this process
  double seconds_left = -1;                // negative: not known yet
  std::int64_t last_checkpoint_step = -1;  // negative: none
  StepTimes times;                         // of the steps since the last report
};

struct ValidationReport {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::string split = "validation";
  double loss = 0;
  std::int64_t targets = 0;
  LossUnit unit = LossUnit::nats;
  double seconds = 0;
  bool best = false;                 // the best of this run so far
  std::vector<Figure> figures = {};  // the task's
};

// The state after a step, by its digest (io/digests.hpp).
struct CheckReport {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::string state_digest;
};

class Progress {
 public:
  struct Output {
    std::function<void(std::string_view)> write;
    bool terminal = false;
    // Of the rest its own folder tells: reports, validations and samples are not written.
    bool messages_alone = false;
    // Columns of the terminal, asked for at every report, since windows change; 0: not known.
    std::function<int()> columns;
  };
  // Standard error: mpirun makes every rank's standard output look like a terminal, this one is as
  // it seems. Its terminal may have 0 columns there, then 80 are taken.
  static Output standard_error();

  explicit Progress(Output output);
  // Ends the rewritten line, so that what follows begins on a new one.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void report(const ProgressReport& report);
  void validation(const ValidationReport& report);
  // Generated text, indented, with its control characters made visible.
  void sample(std::int64_t step, std::string_view text);
  // "rondo: sentence"
  void message(std::string_view sentence);

 private:
  // A line that stays: over the rewritten one, which is drawn again below it.
  void lasting(const std::string& lines);
  std::string fitted_line(const ProgressReport& report) const;

  Output output_;
  std::string current_;  // the rewritten line as it stands
};

// The line of metrics.jsonl for a report: step, epoch, split, loss, targets, ...
// Numbers that are not finite are left out: JSON has none.
MetricsLine make_metrics_line(const ProgressReport& report);
MetricsLine make_metrics_line(const ValidationReport& report);
MetricsLine make_metrics_line(const CheckReport& report);

}  // namespace rondo
