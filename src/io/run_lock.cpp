#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

#include "io/file_system.hpp"
#include "io/lock_holder.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/start_thread.hpp"
#include "rondo/core/streams.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr Seconds message_interval{10};

// Seconds since the machine started, those that it slept through included.
double now() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The device of a folder, or of what is left of the way to it; nothing if none can be asked.
std::optional<dev_t> device_of(std::filesystem::path folder) {
  for (;;) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) == 0) return status.st_dev;
    if (errno != ENOENT || folder == folder.root_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace

class RunLock::Impl {
 public:
  Impl(const std::filesystem::path& folder, const Options& options)
      : folder_(folder),
        absolute_(absolute_path(folder)),
        path_(folder / "lock"),
        options_(options),
        self_(this_process()) {
    make_folder();
    device_ = device_of(absolute_);
    acquire();
    try {
      advancer_ = start_thread<std::jthread>(
          "the thread that holds the lock", [this](const std::stop_token& stop) { advance(stop); });
    } catch (const RunError&) {
      release();
      throw;
    }
  }

  ~Impl() {
    advancer_.request_stop();
    advancer_.join();
    release();
  }

  void check() const {
    const std::lock_guard guard(remaking_);
    const Seen seen = look();
    if (seen == Seen::ours) return;
    if (seen == Seen::missing && is_nobodys()) {
      std::error_code unknown;
      const bool folder = std::filesystem::is_directory(folder_, unknown);
      throw_run("the {} is gone", folder ? fmt::format("lock '{}'", path_.string())
                                         : fmt::format("run folder '{}'", folder_.string()));
    }
    throw LostLock(
        fmt::format("this run has lost the lock '{}' to another run (it stood still for more than "
                    "{} s) and stops without changing anything",
                    path_.string(), options_.stale_seconds));
  }

  bool recover() {
    const bool made = remake();
    check();
    return made;
  }

 private:
  void release() {
    if (file_ >= 0) ::close(file_);
    try {
      if (is_ours()) ::unlink(path_.c_str());
    } catch (const Error&) {
      // The lock cannot be read: it stays, and the next run takes it over.
    }
  }

  enum class Seen { ours, anothers, missing };

  Seen look() const {
    const std::optional<std::string> text = read_lock(path_);
    if (!text) return Seen::missing;
    const std::optional<LockHolder> holder = parse_lock(*text);
    if (!holder || holder->token != self_.token) return Seen::anothers;
    seen_ours_ = now();
    return Seen::ours;
  }
  bool is_ours() const { return look() == Seen::ours; }

  // Whether a missing lock was removed by hand, rather than by a run that took it over, ended and
  // removed it: to be taken over it must have stood still for longer than that.
  bool is_nobodys() const { return now() - seen_ours_ < Seconds(options_.stale_seconds).count(); }

  // If another run is faster, check() tells.
  bool remake() {
    const std::lock_guard no_checks(remaking_);
    if (look() != Seen::missing || !is_nobodys() || device_of(absolute_) != device_) return false;
    try {
      make_folder();
      const std::lock_guard no_counter(mutex_);
      return create();
    } catch (const InputError& error) {
      throw RunError(error.what());
    }
  }

  void make_folder() const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    std::error_code unknown;
    if (!std::filesystem::is_directory(folder_, unknown)) {
      throw_input("cannot make the run folder '{}': {}", folder_.string(),
                  error ? error.message() : "a file is in its place");
    }
  }

  void acquire() {
    const Clock::time_point begin = Clock::now();
    std::optional<Clock::time_point> last_message;
    std::string seen;  // the lock as last read, and since when it has been so
    Clock::time_point seen_since = begin;
    for (;;) {
      if (create()) return;
      const std::optional<std::string> text = read_lock(path_);
      if (!text) continue;
      const std::optional<LockHolder> holder = parse_lock(*text);
      if (!holder && !may_be_torn(*text)) {
        throw_input("'{}' is not rondo's, and a run keeps its lock there: choose another folder",
                    path_.string());
      }
      const Clock::time_point time = Clock::now();
      if (*text != seen) {
        seen = *text;
        seen_since = time;
      }
      const bool still = time - seen_since >= Seconds(options_.stale_seconds);
      if ((holder && is_succeeded_by(*holder, self_)) || still) {
        if (take_over()) return;
        continue;
      }
      const std::string who =
          holder ? fmt::format("process {} on host {}", holder->process, holder->host)
                 : std::string("a process that is just starting or has left a torn lock");
      if (!options_.wait) {
        throw_input(
            "the run folder '{}' is in use by {}: stop that run, choose another folder, or "
            "wait for it with --resume",
            folder_.string(), who);
      }
      if (options_.stop && options_.stop()) {
        throw Error(ExitCode::stopped,
                    fmt::format("stopped while waiting for the run folder '{}', in use by {}; "
                                "nothing was changed, and the same command goes on from here",
                                folder_.string(), who));
      }
      if (time - begin >= Seconds(options_.wait_seconds)) {
        throw_input("the run folder '{}' is still in use by {} after waiting for {} s",
                    folder_.string(), who, options_.wait_seconds);
      }
      if (!last_message || time - *last_message >= message_interval) {
        write_message(
            fmt::format("rondo: waiting for the run folder '{}', in use by {} (up to {} s)",
                        folder_.string(), who, options_.wait_seconds));
        last_message = time;
      }
      std::this_thread::sleep_for(settle());
    }
  }

  // A take-over is a rename, and two waiting runs may both rename: whose lock is there a moment
  // later has it. A run that is slower than that finds out in check().
  Seconds settle() const { return Seconds(options_.advance_seconds / 5); }

  // Makes the lock where there is none.
  bool create() {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) return false;
    const std::string text = format_lock(self_, counter_);
    int error = file < 0 ? errno : 0;
    if (error == 0 &&
        ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      error = errno;
    }
    if (error == 0 && ::fsync(file) != 0) error = errno;
    if (file >= 0 && ::close(file) != 0 && error == 0) error = errno;
    if (error != 0) {
      if (file >= 0) ::unlink(path_.c_str());
      throw_input("cannot write in the run folder '{}': {}", folder_.string(),
                  system_reason(error));
    }
    return hold();
  }

  bool take_over() {
    TemporaryFile lock(path_);
    const std::string text = format_lock(self_, counter_);
    lock.write(0, std::as_bytes(std::span(text)));
    lock.flush();
    lock.close();
    lock.rename();
    std::this_thread::sleep_for(settle());
    return hold();
  }

  // Opens the lock for the counter, if it is ours. The counter is written through this descriptor:
  // once another run has renamed its lock over this file, ours can no longer touch it.
  bool hold() {
    if (file_ >= 0) ::close(file_);
    file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ >= 0 && is_ours()) return true;
    if (file_ >= 0) ::close(file_);
    file_ = -1;
    return false;
  }

  void advance(const std::stop_token& stop) {
    std::unique_lock<std::mutex> guard(mutex_);
    std::condition_variable_any stopped;
    const auto never = [] { return false; };
    for (;;) {
      stopped.wait_for(guard, stop, Seconds(options_.advance_seconds), never);
      if (stop.stop_requested()) return;
      const std::string text = format_lock(self_, ++counter_);
      const bool written =
          file_ >= 0 && ::pwrite(file_, text.data(), text.size(), 0) > 0 && ::fsync(file_) == 0;
      try {
        // A server that came back may not know the descriptor any more (ESTALE): a new one. If it
        // fails again, the counter stands still; if that goes on, check() tells.
        if (written) {
          look();
        } else {
          hold();
        }
      } catch (const RunError&) {
        // The lock cannot be read now.
      }
    }
  }

  std::filesystem::path folder_;
  std::filesystem::path absolute_;
  std::filesystem::path path_;
  Options options_;
  LockHolder self_;
  std::optional<dev_t> device_;               // of the folder
  mutable std::atomic<double> seen_ours_{0};  // when the lock was last read and was ours
  mutable std::mutex remaking_;  // a lock that is being made again looks like another's
  std::mutex mutex_;             // of counter and descriptor, once the advancer runs
  std::uint64_t counter_ = 0;
  int file_ = -1;
  std::jthread advancer_;
};

RunLock::RunLock(const std::filesystem::path& folder, const Options& options)
    : impl_(std::make_unique<Impl>(folder, options)) {}

RunLock::~RunLock() = default;

void RunLock::check() const { impl_->check(); }

bool RunLock::recover() { return impl_->recover(); }

}  // namespace rondo
