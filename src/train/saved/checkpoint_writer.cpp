#include "rondo/train/checkpoint_writer.hpp"

#include <new>
#include <utility>

#include "rondo/core/start_thread.hpp"

namespace rondo {

CheckpointWriter::CheckpointWriter(std::filesystem::path folder, const RunLock& lock,
                                   std::int64_t keep)
    : folder_(std::move(folder)),
      lock_(lock),
      keep_(keep),
      thread_(start_thread("the thread that writes checkpoints", [this] { loop(); })) {}

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CheckpointWriter::submit(std::shared_ptr<const NamedState> state, std::int64_t step, bool best,
                              std::int64_t good_step) {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return !waiting_; });
  waiting_ = Job{std::move(state), step, best, good_step};
  changed_.notify_all();
}

void CheckpointWriter::drain() {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return is_idle(); });
}

bool CheckpointWriter::drain_for(std::chrono::milliseconds longest) {
  std::unique_lock guard(mutex_);
  return changed_.wait_for(guard, longest, [this] { return is_idle(); });
}

std::int64_t CheckpointWriter::written_step() const {
  const std::lock_guard guard(mutex_);
  return written_step_;
}

CheckpointWriter::News CheckpointWriter::take_news() {
  const std::lock_guard guard(mutex_);
  News news = news_;
  news_.trouble.clear();
  return news;
}

void CheckpointWriter::loop() {
  std::unique_lock guard(mutex_);
  for (;;) {
    changed_.wait(guard, [this] { return waiting_ || stop_; });
    if (!waiting_) return;
    Job job = std::move(*waiting_);
    waiting_.reset();
    busy_ = true;
    guard.unlock();
    changed_.notify_all();
    const News news = write(job);
    job.state.reset();
    guard.lock();
    busy_ = false;
    if (!news.trouble.empty()) news_.trouble = news.trouble;
    news_.failing = news.failing;
    news_.lost_lock |= news.lost_lock;
    changed_.notify_all();
  }
}

CheckpointWriter::News CheckpointWriter::write(const Job& job) {
  News news;
  // Whatever fails, the rest is tried: each file is worth having without the others.
  const auto attempt = [&news](bool is_checkpoint, const auto& work) {
    if (news.lost_lock) return;
    std::string trouble;
    try {
      work();
      return;
    } catch (const LostLock& error) {
      news.lost_lock = true;
      trouble = error.what();
    } catch (const std::bad_alloc&) {
      trouble = "there is not enough memory to write a checkpoint";
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    news.failing |= is_checkpoint;
    if (news.trouble.empty() || news.lost_lock) news.trouble = trouble;
  };
  if (job.best) unwritten_best_ = job.state;
  attempt(true, [&] {
    const CheckpointImage image(*job.state);
    // The best one first: whoever resumes from a checkpoint that knows of it finds it there.
    attempt(true, [&] {
      if (job.best) write_best(image);
    });
    image.write(checkpoint_path(folder_, job.step), [this] { lock_.check(); });
    const std::lock_guard guard(mutex_);
    written_step_ = job.step;
  });
  attempt(true, [&] {
    if (unwritten_best_ && !job.best) write_best(CheckpointImage(*unwritten_best_));
  });
  attempt(false, [&] {
    lock_.check();
    keep_newest(folder_, keep_, written_step(), job.good_step);
  });
  return news;
}

void CheckpointWriter::write_best(const CheckpointImage& image) {
  image.write(best_path(folder_), [this] { lock_.check(); });
  unwritten_best_.reset();
}

}  // namespace rondo
