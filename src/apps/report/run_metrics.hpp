// What a report knows of a run's course: the curves of its metrics.jsonl, where its time went, what
// its validations said.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/compare/line_numbers.hpp"
#include "apps/compare/run_record.hpp"
#include "rondo/train/step_clock.hpp"

namespace rondo::apps::report {

using compare::Json;

// (step, value), ascending by step; finite values alone.
using Points = std::vector<std::pair<double, double>>;

// A figure of validations, the loss too.
struct FigureCurve {
  std::string name;
  Points points;
};

// A rank's own work in a step, in seconds.
struct RankTime {
  double least = 0, most = 0;  // of all reports
  double median = 0;           // of the reports' medians
  std::int64_t reports = 0, slowest = 0;
};

class RunMetrics {
 public:
  // A line of metrics.jsonl, in its order.
  void take(const Json& line);
  // After the last one.
  void finish();

  Points loss, rate, gradient_norm, tokens_per_second, share_of_peak, filled;
  std::vector<FigureCurve> validation;  // in the order of the first validation's line
  compare::RunClock clock;              // starts: one, and one for each time it was resumed
  std::array<double, phase_count> phase_seconds{};  // means over the ranks
  std::vector<RankTime> ranks;
  double least_filled = 0;        // of reports; 0: unknown
  double validation_targets = 0;  // of the last validation

  // The last value of a figure of validations, or that at the validation of least loss; NaN: none.
  double last(const std::string& figure) const;
  double at_best(const std::string& figure) const;
  double last_step() const;
  double best_step() const;

 private:
  void take_training(const Json& line, double step);
  void take_validation(const Json& line, double step);
  void take_ranks(const Json& line);

  std::vector<std::vector<double>> medians_;  // of each rank
};

}  // namespace rondo::apps::report
