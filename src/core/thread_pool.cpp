#include "rondo/core/thread_pool.hpp"

#include <utility>

#include "rondo/core/start_thread.hpp"
#include "rondo/core/waiting.hpp"

namespace rondo {

ThreadPool::ThreadPool(int threads, const std::function<void()>& on_start)
    : errors_(static_cast<std::size_t>(threads)), reached_(static_cast<std::size_t>(threads)) {
  workers_.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int i = 1; i < threads; ++i) {
      workers_.push_back(start_thread(fmt::format("thread {} of {}", i + 1, threads),
                                      [=, this] { loop(i, on_start); }));
    }
  } catch (...) {
    end();
    throw;
  }
}

ThreadPool::~ThreadPool() { end(); }

void ThreadPool::end() {
  stop_.store(true, std::memory_order_relaxed);
  turn_.fetch_add(1, std::memory_order_release);
  turn_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::call(int thread) {
  try {
    function_(context_, thread);
  } catch (...) {
    errors_[static_cast<std::size_t>(thread)] = std::current_exception();
  }
}

void ThreadPool::start(Function function, void* context) {
  function_ = function;
  context_ = context;
  if (!workers_.empty()) {
    unfinished_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
    turn_.fetch_add(1, std::memory_order_release);
    turn_.notify_all();
  }
  call(0);
  for (int left; (left = unfinished_.load(std::memory_order_acquire)) != 0;) {
    wait_while_equal(unfinished_, left);
  }
  for (std::exception_ptr& error : errors_) {
    if (error) {
      const std::exception_ptr first = std::exchange(error, nullptr);
      for (std::exception_ptr& other : errors_) other = nullptr;
      std::rethrow_exception(first);
    }
  }
}

void ThreadPool::loop(int thread, const std::function<void()>& on_start) {
  if (on_start) on_start();
  for (unsigned seen = 0;; ++seen) {
    wait_while_equal(turn_, seen);
    if (stop_.load(std::memory_order_relaxed)) return;
    call(thread);
    if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) unfinished_.notify_one();
  }
}

}  // namespace rondo
