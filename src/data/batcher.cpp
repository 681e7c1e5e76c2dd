#include "rondo/data/batcher.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <thread>

#include "data/window_reader.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/start_thread.hpp"
#include "rondo/core/waiting.hpp"

namespace rondo {

std::int64_t Window::valid_targets() const {
  return std::count_if(targets.begin(), targets.end(), [](std::int32_t t) { return t >= 0; });
}

// Two slots: the caller works on one while the thread fills the other. Window k, counted from the
// first, lies in slot k mod 2, which is the thread's until `filled_` has passed k, then the
// caller's until `returned_` has. Both counters may wrap.
class LaneBatcher::Impl {
 public:
  Impl(const TokenSource& source, const LaneLayout& layout, std::int64_t first_window)
      : reader_(source, layout), cuts_(reader_.cuts()), first_(first_window) {
    if (first_window < 0) throw_input("window {} does not exist", first_window);
    thread_ = start_thread("the thread that reads ahead", [this] { read_ahead(); });
  }

  ~Impl() {
    stop_.store(true, std::memory_order_relaxed);
    returned_.fetch_add(1, std::memory_order_release);
    returned_.notify_one();
    thread_.join();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const Window& next() {
    if (taken_) {
      returned_.store(++next_, std::memory_order_release);
      returned_.notify_one();
      taken_ = false;
    }
    wait_while_equal(filled_, next_);
    const Slot& slot = slots_[next_ % 2];
    if (slot.error) std::rethrow_exception(slot.error);
    taken_ = true;
    return slot.window;
  }

  std::int64_t windows_per_epoch() const { return cuts_.windows_of(1); }
  std::int64_t cursor(std::int64_t lane, std::int64_t window) {
    return reader_.cursor(lane, cuts_.place(window).start);
  }

 private:
  struct Slot {
    Window window;
    std::exception_ptr error;  // in place of the window; the thread has ended
  };

  void read_ahead() {
    for (std::int64_t index = first_;; ++index) {
      const auto window = static_cast<unsigned>(index - first_);
      if (!wait_for_slot(window)) return;
      Slot& slot = slots_[window % 2];
      try {
        reader_.read(index, slot.window);
      } catch (...) {
        slot.error = std::current_exception();
      }
      const bool failed = slot.error != nullptr;  // read now: the slot is handed over
      filled_.store(window + 1, std::memory_order_release);
      filled_.notify_one();
      if (failed) return;
    }
  }

  // False when the batcher ends. There is no hurry, so that no core is kept busy by a spin.
  bool wait_for_slot(unsigned window) {
    for (;;) {
      const unsigned returned = returned_.load(std::memory_order_acquire);
      if (stop_.load(std::memory_order_relaxed)) return false;
      if (window - returned < 2) return true;
      returned_.wait(returned, std::memory_order_acquire);
    }
  }

  WindowReader reader_;  // the thread's, but for its constant members
  WindowCuts cuts_;      // the caller's
  const std::int64_t first_;
  std::array<Slot, 2> slots_;

  unsigned next_ = 0;   // the caller's: the window that it gets or has
  bool taken_ = false;  // the caller's: window `next_` is in its hands
  std::atomic<unsigned> filled_{0};
  std::atomic<unsigned> returned_{0};
  std::atomic<bool> stop_{false};

  std::thread thread_;  // last: all of the above exists when it starts
};

LaneBatcher::LaneBatcher(const TokenSource& source, const LaneLayout& layout,
                         std::int64_t first_window)
    : impl_(std::make_unique<Impl>(source, layout, first_window)) {}

LaneBatcher::~LaneBatcher() = default;

std::int64_t LaneBatcher::windows_per_epoch() const { return impl_->windows_per_epoch(); }

const Window& LaneBatcher::next() { return impl_->next(); }

std::uint64_t LaneBatcher::bytes(const TokenSource& source, const LaneLayout& layout) {
  return WindowReader::bytes(source, layout) + 2 * WindowReader::window_bytes(source, layout) +
         source.documents().size() * sizeof(std::int64_t);
}

std::int64_t LaneBatcher::cursor(std::int64_t lane, std::int64_t window) {
  return impl_->cursor(lane, window);
}

}  // namespace rondo
