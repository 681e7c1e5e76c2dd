#include "rondo/train/checkpoint_writer.hpp"

#include "rondo/io/checkpoint.hpp"

namespace rondo {

CheckpointWriter::CheckpointWriter(std::filesystem::path folder, const RunLock& lock,
                                   std::int64_t keep)
    : folder_(std::move(folder)), lock_(lock), keep_(keep), thread_([this] { loop(); }) {}

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CheckpointWriter::submit(NamedState state, std::int64_t step, bool best) {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return !waiting_; });
  waiting_ = Job{std::move(state), step, best};
  changed_.notify_all();
}

void CheckpointWriter::drain() {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return !waiting_ && !busy_; });
}

std::int64_t CheckpointWriter::written_step() const {
  const std::lock_guard guard(mutex_);
  return written_step_;
}

std::string CheckpointWriter::take_error() {
  const std::lock_guard guard(mutex_);
  return std::exchange(error_, {});
}

void CheckpointWriter::loop() {
  std::unique_lock guard(mutex_);
  for (;;) {
    changed_.wait(guard, [this] { return waiting_ || stop_; });
    if (!waiting_) return;
    const Job job = std::move(*waiting_);
    waiting_.reset();
    busy_ = true;
    guard.unlock();
    changed_.notify_all();
    std::string error;
    try {
      write(job);
    } catch (const std::exception& problem) {
      error = problem.what();
    }
    guard.lock();
    busy_ = false;
    if (error.empty()) written_step_ = job.step;
    error_ = error;
    changed_.notify_all();
  }
}

void CheckpointWriter::write(const Job& job) {
  const auto still_ours = [this] { lock_.check(); };
  const CheckpointImage image(job.state);
  image.write(checkpoint_path(folder_, job.step), still_ours);
  if (job.best) image.write(best_path(folder_), still_ours);
  lock_.check();
  keep_newest(folder_, keep_);
}

}  // namespace rondo
