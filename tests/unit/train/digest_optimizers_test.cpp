// Every optimizer and every schedule: the same bits on any ranks, threads and vector targets, and
// after a resume.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"

namespace rondo::test {
namespace {

constexpr std::int64_t steps = 9;

class DigestOptimizersTest : public testing::Test {
 protected:
  DigestOptimizersTest() : world_(make_single()) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-optim-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~DigestOptimizersTest() override {
    kernels::select_target("auto");
    std::filesystem::remove_all(folder_);
  }

  static Config small_config() {
    Config config = digest_config("lstm");
    config.hidden = 19;
    config.embedding = 7;
    config.steps = steps;
    config.weight_decay = 0.01;
    config.rate = 0.01;
    return config;
  }
  Digests alone(const Config& config, int threads = 1, std::int64_t resume_at = 0) const {
    return digest_run(*world_, config, *data_, threads, steps, resume_at);
  }
  // Holds on every axis; returns the digests that all agree on.
  Digests expect_same_everywhere(const Config& config) const {
    const Digests expected = alone(config);
    EXPECT_EQ(alone(config, 3), expected);
    EXPECT_EQ(alone(config, 1, 4), expected);
    std::vector<std::string> targets = kernels::supported_targets();
    targets.emplace_back("reference");
    for (const std::string& target : targets) {
      kernels::select_target(target);
      EXPECT_EQ(alone(config), expected) << target;
    }
    kernels::select_target("auto");
    for (const int ranks : {2, 3, 5}) {
      run_in_process(ranks, [&](Communicator& world) {
        const Digests digests = digest_run(world, config, *data_, 1, steps, 3);
        if (world.rank() == 0) {
          EXPECT_EQ(digests, expected) << ranks << " ranks";
        }
      });
    }
    return expected;
  }

  std::unique_ptr<Communicator> world_;
  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

TEST_F(DigestOptimizersTest, EveryOptimizer) {
  std::set<std::string> different;
  for (const std::string& name : optimizer_names()) {
    SCOPED_TRACE(name);
    Config config = small_config();
    config.optimizer = name;
    different.insert(expect_same_everywhere(config).parameters);
  }
  EXPECT_EQ(different.size(), optimizer_names().size());
}

TEST_F(DigestOptimizersTest, EverySchedule) {
  std::set<std::string> different;
  for (const std::string& name : schedule_names()) {
    SCOPED_TRACE(name);
    Config config = small_config();
    config.schedule = name;
    config.window = 29;  // the steps are more than an epoch's
    config.validate_every = 1;
    config.steps = 0;
    config.epochs = 2;
    different.insert(expect_same_everywhere(config).parameters);
  }
  // No validation has told the plateau schedule of one (plateau_test.cpp): it is the constant one.
  EXPECT_EQ(different.size(), schedule_names().size() - 1);
}

// Biases and embeddings too.
TEST_F(DigestOptimizersTest, AnInitialRange) {
  Config config = small_config();
  config.initial_range = 0.1;
  expect_same_everywhere(config);
  ThreadPool pool(1);
  const Trainer<float> trainer(config, *data_, *world_, pool, nullptr);
  const ParameterLayout& layout = trainer.layout();
  for (const Segment& segment : layout.segments()) {
    float least = 1, most = -1;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        const float value = trainer.parameters()[segment.offset + segment.index(row, column)];
        least = std::min(least, value);
        most = std::max(most, value);
      }
    }
    EXPECT_GE(least, -0.1F) << segment.name;
    EXPECT_LE(most, 0.1F) << segment.name;
    EXPECT_LT(least, -0.05F) << segment.name;
    EXPECT_GT(most, 0.05F) << segment.name;
  }
}

}  // namespace
}  // namespace rondo::test
