// Where a run stands.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

struct Counters {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  std::int64_t window = 0;            // windows consumed: data and random numbers
  std::int64_t step = 0;              // updates tried: schedule, rhythm, limits
  std::int64_t update = 0;            // updates applied: Adam's t
  std::int64_t skipped_in_a_row = 0;  // steps whose loss or gradient was not finite
  // The last step after which the weights are known as good, and so are checkpoints up to it: the
  // step behind it had a finite loss and gradient, and no loss a nat above what had been usual. A
  // run that diverges has such losses before it has none. -1: no step is known.
  std::int64_t good_step = -1;
  double usual_loss = infinity;  // mean of the last steps' losses a target
  double least_loss = infinity;  // the least that it was, slowly forgotten

  // What the rhythm of reports and validations leaves behind; no step depends on it.
  std::int64_t validated_step = 0;  // the last step with a validation
  std::int64_t best_step = -1;      // -1: none yet
  double best_loss = 0;
  // Since the last report, so that a resumed run reports the same means.
  double report_loss = 0;
  double report_targets = 0;

  // Where the run listens to validation; saved where they are not 0.
  std::int64_t stale = 0;              // validations in a row without a new best
  std::int64_t stale_since_decay = 0;  // of them, since the last decay of the rate
  std::int64_t decays = 0;             // of the rate, by the plateau schedule

  // Updates whose weights are in the average of the weights; 0: there is none.
  std::int64_t averaged(const Config& config) const;

  // Of averaged SGD: the first update whose weights the average takes in; 0: it has not begun. Up
  // to then, the losses of the last average_patience validations in order, and in front of them,
  // where there were more, the least of those before.
  std::int64_t average_start = 0;
  std::vector<double> trend;

  // In a step that is not skipped, of this loss a target, before it is counted.
  void note_loss(double loss);

  // Whether the run seems to have diverged: after so many steps in a row that changed nothing, no
  // lane's state alone is to blame.
  bool diverges() const { return skipped_in_a_row >= 10; }

  // After the validation of this step; whether it is the best so far, which a loss that is not
  // finite never is. Where the run listens to validation, one that is not may call for a decay of
  // the rate, or for averaging (Merity et al. 2017, NT-ASGD: the loss is above the least of those
  // before the last average_patience).
  bool note_validation(const Config& config, double loss);

  void save(NamedState& state) const;  // "counters/..." and "progress/..."
  void load(const NamedState& state);

 private:
  void note_trend(const Config& config, double loss);
};

}  // namespace rondo
