// The digest's axis of memory: the same bits however many of a rank's blocks are worked on at a
// time, and wherever the logits are computed in pieces.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <mutex>
#include <set>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/touched_rows.hpp"

namespace rondo::test {
namespace {

class DigestGroupsTest : public testing::TestWithParam<int> {
 protected:
  DigestGroupsTest() {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-groups-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~DigestGroupsTest() override { std::filesystem::remove_all(folder_); }

  PassShape pass(const Config& config) const {
    const NetworkPlan model = data_->model(config);
    return training_pass<float>(config, model, config.lanes / config.block, config.window);
  }

  // MB that hold the activations of so many blocks, and no more.
  double memory_of(Config config, std::int64_t blocks) const {
    const NetworkPlan model = data_->model(config);
    const PassShape pass{static_cast<int>(blocks * config.block), static_cast<int>(config.window),
                         true};
    return std::ceil(static_cast<double>(Network<float>::bytes(model, pass).activations)) * 1e-6;
  }

  void expect_golden_on(int ranks, const Config& config) {
    for (const int threads : {1, 2}) {
      SCOPED_TRACE(testing::Message()
                   << ranks << " ranks, " << threads << " threads, " << config.memory << " MB");
      std::mutex mutex;
      std::vector<Digests> all;
      run_in_process(ranks, [&](Communicator& world) {
        const Digests digests = digest_run(world, config, *data_, threads, golden_steps);
        const std::lock_guard guard(mutex);
        all.push_back(digests);
      });
      for (const Digests& digests : all) expect_golden(config.cell, digests);
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

TEST_P(DigestGroupsTest, GroupsOfAnySizeGiveTheSameBits) {
  Config config = digest_config("lstm");
  std::set<int> lanes;
  for (const std::int64_t blocks : {1, 2, 4, 8}) {
    config.memory = memory_of(config, blocks) * 1.001;
    lanes.insert(pass(config).lanes);
    expect_golden_on(GetParam(), config);
  }
  EXPECT_EQ(lanes, (std::set<int>{2, 4, 8, 16}));
}

TEST_P(DigestGroupsTest, LogitsInPiecesGiveTheSameBits) {
  Config config = digest_config("gru");
  config.memory = 1e-3;  // not one block: a time step of logits at a time
  EXPECT_EQ(pass(config).lanes, 2);
  EXPECT_EQ(pass(config).logit_times, 1);
  expect_golden_on(GetParam(), config);
}

TEST_P(DigestGroupsTest, WindowsInPiecesGiveTheSameBits) {
  for (const std::string cell : {"lstm", "gru-varies"}) {
    Config config = digest_config(cell);
    config.recompute = cell == "lstm" ? 4 : 6;
    EXPECT_EQ(pass(config).lanes, 2);
    EXPECT_EQ(pass(config).window, config.window);
    run_in_process(GetParam(), [&](Communicator& world) {
      const int threads = cell == "lstm" ? 2 : 1;
      const Digests digests = digest_run(world, config, *data_, threads, golden_steps);
      if (world.rank() == 0) expect_golden(cell, digests);
    });
  }
}

// A vocabulary larger than a step: between ranks, only rows that a rank touches are reduced.
class TouchedRowsTest : public testing::TestWithParam<bool> {};

TEST_P(TouchedRowsTest, GiveTheBitsOfTheWholeTable) {
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("rondo-rows-{}", getpid());
  const Dataset data(digest_data(folder));
  std::filesystem::remove_all(folder);
  Config config = digest_config("gru");
  config.hidden = 20;
  config.tied = GetParam();
  if (config.tied) config.embedding = config.hidden;
  config.lanes = config.eval_lanes = 6;
  config.block = 2;
  config.window = 3;
  const NetworkPlan model = data.model(config);
  ASSERT_EQ(sparse_table(model, 18, 2)->rows, 18);
  ASSERT_FALSE(sparse_table(model, 18, 1));
  const Digests expected = digest_run(*make_single(), config, data, 1, 8);
  for (const double memory : {1024.0, 1e-3}) {
    config.memory = memory;
    for (const int ranks : {2, 3}) {
      SCOPED_TRACE(testing::Message() << ranks << " ranks, " << memory << " MB");
      run_in_process(ranks, [&](Communicator& world) {
        const Digests digests = digest_run(world, config, data, 1, 8);
        EXPECT_TRUE(digests == expected);
      });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, TouchedRowsTest, testing::Values(false, true),
                         [](const auto& info) { return info.param ? "tied" : "alone"; });

INSTANTIATE_TEST_SUITE_P(Ranks, DigestGroupsTest, testing::Values(1, 2, 3),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rondo::test
