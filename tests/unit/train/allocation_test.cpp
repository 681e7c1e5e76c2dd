// A step that neither reports nor saves asks for no memory and takes no lock, on any thread of the
// process: the pool's, the one that reads ahead, and the watchdog's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <mutex>
#include <tuple>
#include <vector>

#include "counted.hpp"
#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/watchdog.hpp"

namespace rondo::test {
namespace {

using CellAndThreads = std::tuple<std::string, int>;

class AllocationTest : public testing::TestWithParam<CellAndThreads> {
 protected:
  AllocationTest() {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-counted-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~AllocationTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

// The steps that are counted pass the end of an epoch: its short window, and the new order of
// documents.
TEST_P(AllocationTest, AStepAsksForNoMemoryAndNoLock) {
  const auto& [cell, threads] = GetParam();
  const Config config = digest_config(cell);
  expect_wrapped_epoch(config, *data_);
  const auto world = make_single();
  ThreadPool pool(threads, kernels::set_float_mode);
  // A thread asks for what it keeps when it first does a kind of work. Which thread does what is
  // chance: here each does everything once.
  pool.run([&](int) {
    ThreadPool alone(1);
    Trainer<float>(config, *data_, *world, alone, nullptr).step();
  });
  Trainer<float> trainer(config, *data_, *world, pool, nullptr);
  // One that looks often, and has nothing to say of a machine that is slow.
  Watchdog watchdog(*world, trainer.pulse(), {.say = {}, .end = {}, .look_seconds = 0.02});
  for (std::int64_t i = 0; i < golden_steps; ++i) trainer.step();

  const Counted counted;
  for (std::int64_t i = 0; i < golden_steps; ++i) trainer.step();
  EXPECT_EQ(counted.allocations(), 0);
  EXPECT_EQ(counted.locks(), 0);
  watchdog.finish();
}

TEST(Counted, SeesMemoryAndLocks) {
  const Counted counted;
  std::mutex mutex;
  const std::lock_guard guard(mutex);
  const Buffer<float> aligned(100);
  const std::vector<int> plain(100);
  EXPECT_EQ(counted.allocations(), 2);
  EXPECT_EQ(counted.locks(), 1);
}

INSTANTIATE_TEST_SUITE_P(Cells, AllocationTest,
                         testing::Combine(testing::ValuesIn(cell_names()), testing::Values(1, 2)),
                         [](const auto& info) {
                           return fmt::format("{}_{}_threads", test_name(std::get<0>(info.param)),
                                              std::get<1>(info.param));
                         });

}  // namespace
}  // namespace rondo::test
