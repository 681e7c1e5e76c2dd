// A run's folder: its lock, its checkpoints, its metrics.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/named_state.hpp"

namespace rondo {

// Another run has the folder: this one stops and changes nothing in it any more.
class LostLock : public RunError {
 public:
  using RunError::RunError;
};

// Keeps a second run out of the folder, on shared file systems too (O_CREAT | O_EXCL and rename,
// not fcntl). The lock file holds host, boot id, process and its start time, Slurm job and restart
// count, the rondo-run that started it and the number of that start, a random token, and a counter
// that a thread of the holder advances every 5 s. Taken over at once when it is ours (same boot and
// the process is gone; same Slurm job and a higher restart count; same rondo-run and a later
// start), else when the counter has stood still for 90 s. Rank 0 alone uses it.
class RunLock {
 public:
  struct Options {
    bool wait = false;           // --resume: wait for a held lock, with a message, up to 120 s
    double advance_seconds = 5;  // how often the counter advances
    double stale_seconds = 90;   // how long it must stand still to be taken over
    double wait_seconds = 120;
    std::function<bool()> stop =
        {};  // whether to wait no longer; asked once a fifth of advance_seconds
  };
  // Makes the folder if it is missing. InputError if it is held (names host and process), cannot be
  // made or written. An Error of ExitCode::stopped if `stop` says so while it waits.
  RunLock(const std::filesystem::path& folder, const Options& options);
  ~RunLock();  // removes the lock if it is still ours
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  // Called before each rename or deletion in the folder. LostLock if the lock is another run's, or
  // missing and last seen too long ago to be sure that no run has had it meanwhile. Any other
  // RunError: it cannot be read now, or was just removed, with the whole folder or alone; then
  // nothing may be changed either, but recover() and later calls may find it ours again. From any
  // thread.
  void check() const;
  // As check(), but first makes a folder and a lock that were just removed again. Not where the
  // folder's whole file system has gone: what is written in its place would be hidden when it comes
  // back. Whether it made them.
  bool recover();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct CheckpointFile {
  std::filesystem::path path;
  std::int64_t step = 0;
};

// checkpoint-<step, 12 digits>.h5, ascending by step. Best: best.h5.
std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& folder);
std::filesystem::path checkpoint_path(const std::filesystem::path& folder, std::int64_t step);
std::filesystem::path best_path(const std::filesystem::path& folder);
// Removes temporary files that died with their writer. The lock's holder alone calls this.
void remove_leftovers(const std::filesystem::path& folder);
// Removes all but the newest `keep` of the checkpoints up to `step`, that of the checkpoint just
// written, and but the newest of those up to `good_step`, whose weights are known as good: it does
// not go for others of which nobody knows. The lock's holder alone. Those above `step` are damaged
// ones that a resumed run has passed over: none of them takes a good one's place.
void keep_newest(const std::filesystem::path& folder, std::int64_t keep, std::int64_t step,
                 std::int64_t good_step = -1);
// Gives the checkpoints above `step` other names, left-checkpoint-<step>.h5: a run that goes back
// to it has left them, and nobody is to go on from them by chance. The lock's holder alone.
void leave_later(const std::filesystem::path& folder, std::int64_t step);

// Whether a run has left in the folder what another would write over: checkpoints, the best one,
// lines of metrics.jsonl.
bool holds_run(const std::filesystem::path& folder);
std::filesystem::path metrics_path(const std::filesystem::path& folder);
// Gives a metrics.jsonl that has lines a name that is free, metrics-1.jsonl, ...: a run that starts
// at step 0 would write over it. Its new path; empty where there is none. The lock's holder alone.
std::filesystem::path set_metrics_aside(const std::filesystem::path& folder);

// The newest whole checkpoint up to a step; empty where there is none.
std::optional<CheckpointFile> newest_whole_checkpoint(const std::filesystem::path& folder,
                                                      std::int64_t last_step);
// The newest whole checkpoint of a folder; the best one where no other is whole or there. `warn`
// gets one sentence for each damaged one that was passed over. Nothing there: empty. Checkpoints,
// but none whole: InputError.
std::optional<std::filesystem::path> newest_good_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& warn);
// FILE or run folder, as commands take it (best: the folder's best).
std::filesystem::path resolve_checkpoint(const std::filesystem::path& file_or_run, bool best,
                                         const std::function<void(const std::string&)>& warn);

}  // namespace rondo
