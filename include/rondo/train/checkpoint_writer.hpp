// Writes a run's checkpoints on a thread of its own, so that training waits for the copy alone.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "rondo/core/named_state.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo {

// Rank 0's. One checkpoint is written while another waits; submit() waits only where a third comes
// before the first is on disk, so that every checkpoint that was asked for is written. A failed
// write is kept for take_error(): training goes on.
class CheckpointWriter {
 public:
  CheckpointWriter(std::filesystem::path folder, const RunLock& lock, std::int64_t keep);
  ~CheckpointWriter();  // waits for what was submitted
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  void submit(NamedState state, std::int64_t step, bool best);
  // Returns when all that was submitted is on disk or has failed.
  void drain();
  // Step of the newest checkpoint on disk, -1 before the first.
  std::int64_t written_step() const;
  // Why the last write failed, once; empty when all went well.
  std::string take_error();

 private:
  struct Job {
    NamedState state;
    std::int64_t step = 0;
    bool best = false;
  };
  void loop();
  void write(const Job& job);

  std::filesystem::path folder_;
  const RunLock& lock_;
  std::int64_t keep_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Job> waiting_;
  bool busy_ = false;
  bool stop_ = false;
  std::int64_t written_step_ = -1;
  std::string error_;
  std::thread thread_;
};

}  // namespace rondo
