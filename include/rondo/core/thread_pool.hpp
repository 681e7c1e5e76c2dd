// A fixed set of threads that work on one thing at a time.
//
// Hand-over is a short spin, then std::atomic wait, which sleeps: cheap when cores are free and
// harmless when they are oversubscribed. run() allocates nothing and takes no lock. Which thread
// does what never changes a bit of a result: that is the caller's duty (fixed-order sums).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <thread>
#include <type_traits>
#include <vector>

namespace rondo {

class ThreadPool {
 public:
  // `threads` >= 1 counts the caller, who works too. `on_start` runs first on each new thread.
  explicit ThreadPool(int threads, const std::function<void()>& on_start = {});
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls work(thread) on every thread, thread 0 being the caller's; returns when all are done.
  // The first exception of any thread is rethrown here.
  template <class Work>
  void run(Work&& work) {
    using Plain = std::remove_reference_t<Work>;
    start([](void* context, int thread) { (*static_cast<Plain*>(context))(thread); },
          const_cast<void*>(static_cast<const void*>(&work)));
  }

  // Calls work(i) once for each job i in [0, count), spread over the threads as they become free.
  template <class Work>
  void for_each(int count, Work&& work) {
    next_.store(0, std::memory_order_relaxed);
    run([&](int) {
      for (int i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count;) work(i);
    });
  }

  // The same; and tells the caller's thread, after each of its own jobs and at the end, how many of
  // the first jobs are done: told(n), where n never falls and is `count` at last.
  template <class Work, class Told>
  void for_each(int count, Work&& work, Told&& told) {
    for (Reached& reached : reached_) reached.at.store(0, std::memory_order_relaxed);
    next_.store(0, std::memory_order_relaxed);
    run([&](int thread) {
      std::atomic<int>& at = reached_[static_cast<std::size_t>(thread)].at;
      for (int i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count;) {
        at.store(i, std::memory_order_release);
        work(i);
        at.store(i + 1, std::memory_order_release);
        if (thread == 0) told(first_at());
      }
      at.store(count, std::memory_order_release);
    });
    told(count);
  }

 private:
  // A thread has done all the jobs below `at` that it took; the next it takes is no less.
  struct alignas(64) Reached {
    std::atomic<int> at{0};
  };
  int first_at() const {
    int first = reached_.front().at.load(std::memory_order_acquire);
    for (const Reached& reached : reached_) {
      first = std::min(first, reached.at.load(std::memory_order_acquire));
    }
    return first;
  }

  using Function = void (*)(void*, int);
  void start(Function function, void* context);
  void loop(int thread, const std::function<void()>& on_start);
  void call(int thread);
  void end();

  std::vector<std::thread> workers_;
  Function function_ = nullptr;
  void* context_ = nullptr;
  std::atomic<int> next_{0};
  std::atomic<unsigned> turn_{0};   // advanced when there is work
  std::atomic<int> unfinished_{0};  // workers that have not ended this turn
  std::atomic<bool> stop_{false};
  std::vector<std::exception_ptr> errors_;  // one a thread
  std::vector<Reached> reached_;            // one a thread
};

}  // namespace rondo
