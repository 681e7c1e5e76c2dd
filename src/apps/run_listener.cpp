#include "apps/run_listener.hpp"

#include <chrono>

namespace rondo::apps {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

RunListener::RunListener(const Config& config, const RunLock& lock)
    : folder_(config.run),
      lock_(lock),
      progress_(Progress::standard_error()),
      writer_(folder_, lock, config.keep),
      checkpoint_time_(now()) {}

void RunListener::open_metrics(std::int64_t last_step) {
  metrics_ = std::make_unique<MetricsLog>(folder_ / "metrics.jsonl", last_step);
}

void RunListener::report(const ProgressReport& report) {
  ProgressReport shown = report;
  shown.last_checkpoint_step = writer_.written_step();
  if (peak_ > 0) shown.share_of_peak = report.gflops * 1e9 / peak_;
  progress_.report(shown);
  note(make_metrics_line(shown));
  const std::string error = writer_.take_error();
  if (!error.empty()) {
    message(error + "; training goes on and the next checkpoint tries again");
    checkpoint_time_ = 0;  // the next attempt comes at the next step
  }
}

void RunListener::validation(const ValidationReport& report) {
  progress_.validation(report);
  note(make_metrics_line(report));
}

void RunListener::sample(std::int64_t step, const std::string& text) {
  progress_.sample(step, text);
}

void RunListener::message(const std::string& sentence) { progress_.message(sentence); }

void RunListener::checkpoint(NamedState state, std::int64_t step, bool best, bool last) {
  lock_.check();
  checkpoint_time_ = now();
  writer_.submit(std::move(state), step, best);
  if (!last) return;
  writer_.drain();
  const std::string error = writer_.take_error();
  if (!error.empty()) throw RunError(error);
}

double RunListener::seconds_since_checkpoint() const { return now() - checkpoint_time_; }

void RunListener::note(const MetricsLine& line) {
  lock_.check();
  const std::string error = metrics_->append(line);
  if (!error.empty()) message(error);
}

}  // namespace rondo::apps
