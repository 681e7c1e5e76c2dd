#include "rondo/data/batcher.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "data/window_reader.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

std::int64_t Window::valid_targets() const {
  return std::count_if(targets.begin(), targets.end(), [](std::int32_t t) { return t >= 0; });
}

// Two windows: the caller works on one while the thread fills the other. Window k lies in slot
// k mod 2. `filled_` and `returned_` count windows; the thread may fill while fewer than two are
// neither returned nor still to be filled.
class LaneBatcher::Impl {
 public:
  Impl(const TokenSource& source, const LaneLayout& layout, std::int64_t first_window)
      : reader_(source, layout), first_(first_window) {
    if (first_window < 0) throw_input("window {} does not exist", first_window);
    thread_ = std::thread([this] { read_ahead(); });
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const Window& next() {
    std::unique_lock lock(mutex_);
    if (taken_) {
      ++returned_;
      taken_ = false;
      changed_.notify_all();
    }
    changed_.wait(lock, [this] { return filled_ > returned_ || error_ != nullptr; });
    if (filled_ == returned_) std::rethrow_exception(error_);
    taken_ = true;
    return slots_[static_cast<std::size_t>(returned_ % 2)];
  }

  // Constant after construction.
  const WindowReader& reader() const { return reader_; }

 private:
  void read_ahead() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stop_ || filled_ - returned_ < 2; });
      if (stop_) return;
      const std::int64_t window = filled_;
      lock.unlock();
      std::exception_ptr error;
      try {
        reader_.read(first_ + window, slots_[static_cast<std::size_t>(window % 2)]);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error != nullptr) {
        error_ = error;
        changed_.notify_all();
        return;
      }
      ++filled_;
      changed_.notify_all();
    }
  }

  WindowReader reader_;  // the thread's, but for its constant members
  const std::int64_t first_;
  std::array<Window, 2> slots_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::int64_t filled_ = 0;
  std::int64_t returned_ = 0;
  bool taken_ = false;  // window `returned_` is in the caller's hands
  bool stop_ = false;
  std::exception_ptr error_;  // what ended the thread

  std::thread thread_;  // last: all of the above exists when it starts
};

LaneBatcher::LaneBatcher(const TokenSource& source, const LaneLayout& layout,
                         std::int64_t first_window)
    : impl_(std::make_unique<Impl>(source, layout, first_window)) {}

LaneBatcher::~LaneBatcher() = default;

std::int64_t LaneBatcher::windows_per_epoch() const { return impl_->reader().windows_per_epoch(); }

const Window& LaneBatcher::next() { return impl_->next(); }

std::int64_t LaneBatcher::cursor(std::int64_t lane, std::int64_t window) const {
  return impl_->reader().cursor(lane, window);
}

}  // namespace rondo
