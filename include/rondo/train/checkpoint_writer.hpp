// Writes a run's checkpoints on a thread of its own, so that training waits for the copy alone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "rondo/core/named_state.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo {

// Rank 0's. One checkpoint is written while another waits; submit() waits only where a third comes
// before the first is on disk, so that every checkpoint that was asked for is tried. A failed write
// is kept for take_news(): training goes on. A best one that could not be written is kept as well,
// and tried again with every later checkpoint until it is on disk or a better one is.
class CheckpointWriter {
 public:
  struct News {
    std::string trouble;     // what failed last since the last call; empty if nothing did
    bool failing = false;    // a checkpoint of the newest attempt is not on disk
    bool lost_lock = false;  // another run has the folder: nothing is written any more
  };

  CheckpointWriter(std::filesystem::path folder, const RunLock& lock, std::int64_t keep);
  ~CheckpointWriter();  // waits for what was submitted
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  // `good_step`: checkpoints up to it are known as good, and one of them stays (keep_newest).
  void submit(std::shared_ptr<const NamedState> state, std::int64_t step, bool best,
              std::int64_t good_step = -1);
  // Returns when all that was submitted is on disk or has failed.
  void drain();
  // The same, but for `longest` at most: whether it came to that.
  bool drain_for(std::chrono::milliseconds longest);
  // Step of the newest checkpoint on disk, -1 before the first.
  std::int64_t written_step() const;
  News take_news();

 private:
  struct Job {
    std::shared_ptr<const NamedState> state;
    std::int64_t step = 0;
    bool best = false;
    std::int64_t good_step = -1;
  };
  bool is_idle() const { return !waiting_ && !busy_; }  // under the mutex
  void loop();
  News write(const Job& job);
  void write_best(const CheckpointImage& image);

  std::filesystem::path folder_;
  const RunLock& lock_;
  std::int64_t keep_;
  std::shared_ptr<const NamedState> unwritten_best_;  // the thread's own
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Job> waiting_;
  bool busy_ = false;
  bool stop_ = false;
  std::int64_t written_step_ = -1;
  News news_;
  std::thread thread_;
};

}  // namespace rondo
