// Who holds a run folder's lock, and the text of the lock file: a JSON object on one line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace rondo {

// One start of a job that is started again and again, by number.
struct JobStart {
  std::string job;  // empty outside of such a job
  std::int64_t number = 0;
};

struct LockHolder {
  std::string host;
  std::string boot_id;        // of the running kernel; empty where it has none
  std::string pid_namespace;  // processes of two containers on one host do not see one another
  std::int64_t process = 0;
  std::uint64_t start_time =
      0;               // of the process, in clock ticks since boot: numbers are used again
  JobStart slurm;      // with Slurm's count of restarts
  JobStart rondo_run;  // by launch/rondo-run
  std::string token;   // random, new for each holder
};

// This process, with a new token.
LockHolder this_process();

// The lock's text; of the same length for every counter, so that it can be overwritten in place.
std::string format_lock(const LockHolder& holder, std::uint64_t counter);
// Nothing if the text is torn.
std::optional<LockHolder> parse_lock(const std::string& text);
// The lock file's bytes; nothing if there is no lock. RunError where it cannot be read.
std::optional<std::string> read_lock(const std::filesystem::path& path);
// Whether a text that is no lock may be one that was torn: its beginning, or zeros of a power loss.
// Another is somebody else's file.
bool may_be_torn(const std::string& text);

// Whether `self` may take the holder's place at once: the holder was a process of this boot that is
// gone, or this is a later start of the same Slurm job or by the same rondo-run, for which the
// start before is over, whatever of it lives on somewhere out of reach.
bool is_succeeded_by(const LockHolder& holder, const LockHolder& self);

}  // namespace rondo
