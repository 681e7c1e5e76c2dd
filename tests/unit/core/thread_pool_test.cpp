#include "rondo/core/thread_pool.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <ctime>
#include <stdexcept>
#include <thread>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Threads with stacks larger than what there are addresses for: the system starts none.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&usual_);
    pthread_attr_t endless;
    pthread_getattr_default_np(&endless);
    pthread_attr_setstacksize(&endless, std::size_t{1} << 47);
    pthread_setattr_default_np(&endless);
    pthread_attr_destroy(&endless);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&usual_);
    pthread_attr_destroy(&usual_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t usual_{};
};

TEST(ThreadPool, SaysWhichThreadCannotBeStarted) {
  const NoThreads none;
  EXPECT_NO_THROW(ThreadPool{1});
  try {
    ThreadPool pool(5);
    ADD_FAILURE() << "a thread was started";
  } catch (const RunError& error) {
    EXPECT_EQ(std::string(error.what()).find("cannot start thread 2 of 5: "), 0) << error.what();
  }
}

TEST(ThreadPool, CallsEveryThreadOnceAndWaits) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    std::vector<int> calls(static_cast<std::size_t>(threads));
    for (int turn = 1; turn <= 200; ++turn) {
      pool.run([&](int thread) { ++calls[static_cast<std::size_t>(thread)]; });
      for (const int count : calls) ASSERT_EQ(count, turn);
    }
  }
}

TEST(ThreadPool, GivesEachJobToOneThread) {
  ThreadPool pool(3);
  std::vector<int> done(1000);
  pool.for_each(1000, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
  EXPECT_EQ(done, std::vector<int>(1000, 1));
  pool.for_each(0, [&](int) { FAIL(); });
}

TEST(ThreadPool, TellsHowManyOfTheFirstJobsAreDone) {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    for (int turn = 0; turn < 50; ++turn) {
      std::vector<int> done(200);  // read by the caller's thread: what told() says is also visible
      int told = 0, calls = 0;
      pool.for_each(
          200, [&](int i) { done[static_cast<std::size_t>(i)] = 1; },
          [&](int first) {
            ASSERT_GE(first, told);
            for (; told < first; ++told) ASSERT_EQ(done[static_cast<std::size_t>(told)], 1);
            ++calls;
          });
      EXPECT_EQ(told, 200);
      if (threads == 1) {
        EXPECT_EQ(calls, 201);
      }
    }
  }
}

TEST(ThreadPool, RethrowsAndGoesOn) {
  ThreadPool pool(3);
  EXPECT_THROW(pool.run([](int thread) {
    if (thread == 2) throw std::runtime_error("thread 2");
  }),
               std::runtime_error);
  EXPECT_THROW(pool.run([](int) { throw std::runtime_error("all"); }), std::runtime_error);
  std::atomic<int> calls{0};
  pool.run([&](int) { ++calls; });
  EXPECT_EQ(calls, 3);
}

// Of all threads, in seconds.
double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST(ThreadPool, WhoWaitsLeavesTheCoresToOthers) {
  using std::chrono::milliseconds;
  ThreadPool pool(4);
  pool.run([](int) {});
  double begun = processor_time();
  std::this_thread::sleep_for(milliseconds(300));  // no work for anybody
  EXPECT_LT(processor_time() - begun, 0.05);

  begun = processor_time();
  pool.run([](int thread) {  // the caller and two others have none
    if (thread == 2) std::this_thread::sleep_for(milliseconds(300));
  });
  EXPECT_LT(processor_time() - begun, 0.05);
}

TEST(ThreadPool, StartsEachNewThreadWithItsHook) {
  std::atomic<int> started{0};
  {
    const ThreadPool pool(4, [&] { ++started; });
  }
  EXPECT_EQ(started, 3);
}

}  // namespace
}  // namespace rondo
