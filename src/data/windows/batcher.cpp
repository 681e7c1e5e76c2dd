#include "rondo/data/batcher.hpp"

#include <array>
#include <atomic>
#include <exception>
#include <limits>
#include <thread>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/core/start_thread.hpp"
#include "rondo/core/waiting.hpp"

namespace rondo {

void check_layout(const LaneLayout& layout) {
  constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max();
  if (layout.lanes < 1 || layout.lanes > limit || layout.window < 1 || layout.window > limit) {
    throw_input("batches need at least one lane and a window of at least one step, not {} and {}",
                layout.lanes, layout.window);
  }
  if (layout.first_lane < 0 || layout.last_lane < layout.first_lane ||
      layout.last_lane > layout.lanes) {
    throw_input("a rank's lanes [{}, {}) must be some of [0, {})", layout.first_lane,
                layout.last_lane, layout.lanes);
  }
}

// Two slots: the caller works on one while the thread fills the other. Window k, counted from the
// first, lies in slot k mod 2, which is the thread's until `filled_` has passed k, then the
// caller's until `returned_` has. Both counters may wrap.
class Batcher::Impl {
 public:
  Impl(std::unique_ptr<WindowReader> reader, std::int64_t first_window)
      : reader_(std::move(reader)), first_(first_window) {
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

  void save_cursors(std::int64_t window, NamedState& state) {
    reader_->save_cursors(window, state);
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
        reader_->read(index, slot.window);
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

  const std::unique_ptr<WindowReader> reader_;  // the thread's, but for save_cursors()
  const std::int64_t first_;
  std::array<Slot, 2> slots_;

  unsigned next_ = 0;   // the caller's: the window that it gets or has
  bool taken_ = false;  // the caller's: window `next_` is in its hands
  std::atomic<unsigned> filled_{0};
  std::atomic<unsigned> returned_{0};
  std::atomic<bool> stop_{false};

  std::thread thread_;  // last: all of the above exists when it starts
};

Batcher::Batcher(std::unique_ptr<WindowReader> reader, std::int64_t first_window)
    : impl_(std::make_unique<Impl>(std::move(reader), first_window)) {}

Batcher::~Batcher() = default;

const Window& Batcher::next() { return impl_->next(); }

void Batcher::save_cursors(std::int64_t window, NamedState& state) {
  impl_->save_cursors(window, state);
}

}  // namespace rondo
