// Runs that keep an average of their weights: what validation and checkpoints make of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/train/saved_model.hpp"
#include "rondo/train/saved_run.hpp"

namespace rondo::test {
namespace {

class AverageTest : public testing::Test {
 protected:
  AverageTest() : world_(make_single()) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-average-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~AverageTest() override { std::filesystem::remove_all(folder_); }

  static Config config_with(double average) {
    Config config = digest_config("gru");
    config.hidden = 19;
    config.embedding = 7;
    config.average = average;
    return config;
  }
  std::unique_ptr<Trainer<float>> trainer(const Config& config) {
    return std::make_unique<Trainer<float>>(config, *data_, *world_, pool_, nullptr);
  }

  ThreadPool pool_{2, kernels::set_float_mode};
  std::unique_ptr<Communicator> world_;
  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

// Training takes no notice: the weights are those of a run without it.
TEST_F(AverageTest, IsThatOfTheWeights) {
  constexpr float keep = 0.75;
  const auto plain = trainer(config_with(0)), averaging = trainer(config_with(keep));
  EXPECT_EQ(averaging->evaluated_parameters().data(), averaging->parameters().data());
  std::vector<float> expected;
  for (int update = 1; update <= 5; ++update) {
    plain->step();
    averaging->step();
    const std::span<const float> weights = plain->parameters();
    ASSERT_TRUE(std::ranges::equal(averaging->parameters(), weights));
    if (update == 1) expected.assign(weights.begin(), weights.end());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expected[i] = std::fma(1 - keep, weights[i] - expected[i], expected[i]);
    }
    EXPECT_TRUE(std::ranges::equal(averaging->evaluated_parameters(), expected)) << update;
  }
  EXPECT_NE(averaging->validate().loss, plain->validate().loss);
}

// What the checkpoint's model is, and what a new run begins with.
TEST_F(AverageTest, IsTheModelOfItsCheckpoint) {
  const auto averaging = trainer(config_with(0.9));
  for (int i = 0; i < 4; ++i) averaging->step();
  const NamedState state = averaging->save();
  EXPECT_TRUE(state.has("average/output.bias"));
  const SavedModel<float> model(state, "a checkpoint");
  EXPECT_TRUE(std::ranges::equal(model.parameters, averaging->evaluated_parameters()));
  EXPECT_FALSE(std::ranges::equal(model.parameters, averaging->parameters()));
  const auto next = trainer(config_with(0));
  next->restore_parameters(state);
  EXPECT_TRUE(std::ranges::equal(next->parameters(), averaging->evaluated_parameters()));
}

// As every checkpoint was before runs could keep an average.
TEST_F(AverageTest, ARunWithoutOneSavesNone) {
  const auto plain = trainer(config_with(0));
  plain->step();
  const NamedState state = plain->save();
  for (const auto& [name, array] : state.arrays()) EXPECT_FALSE(name.starts_with("average/"));
  const SavedModel<float> model(state, "a checkpoint");
  EXPECT_TRUE(std::ranges::equal(model.parameters, plain->parameters()));
}

TEST_F(AverageTest, ACheckpointThatLacksItsAverageIsRefused) {
  const Config config = config_with(0.9);
  const auto averaging = trainer(config);
  averaging->step();
  NamedState state = averaging->save();
  EXPECT_NO_THROW(check_saved_run<float>(config, *data_, state, "a checkpoint"));
  NamedState without = state;
  without.arrays().erase("average/output.bias");
  EXPECT_THROW(check_saved_run<float>(config, *data_, without, "a checkpoint"), InputError);
  EXPECT_THROW(SavedModel<float>(without, "a checkpoint"), InputError);
  const float bad = std::numeric_limits<float>::infinity();
  std::memcpy(state.arrays().at("average/output.bias").bytes.data(), &bad, sizeof bad);
  EXPECT_THROW(check_saved_run<float>(config, *data_, state, "a checkpoint"), InputError);
}

// Takes the newest checkpoint, and the weights after every step.
class Follower final : public TrainingListener {
 public:
  void report(const ProgressReport&) override {
    const std::span<const float> now = trainer->parameters();
    weights.emplace_back(now.begin(), now.end());
  }
  void checkpoint(NamedState state, const DueCheckpoint&) override { newest = std::move(state); }
  const Trainer<float>* trainer = nullptr;
  std::vector<std::vector<float>> weights;
  NamedState newest;
};

// So fast that validations soon get worse.
Config asgd_config() {
  Config config = digest_config("lstm");
  config.hidden = 19;
  config.embedding = 7;
  config.optimizer = "asgd";
  config.average_patience = 2;
  config.rate = 40;
  config.schedule = "constant";
  config.warmup_steps = 0;
  config.validate_every = 2;
  config.report_every = 1;
  config.steps = 30;
  return config;
}

// One start of the program; goes on from the follower's checkpoint where it holds one.
Evaluation start(const Config& config, const Dataset& data, Communicator& world, Follower& follower,
                 int threads = 1) {
  ThreadPool pool(threads, kernels::set_float_mode);
  Trainer<float> trainer(config, data, world, pool, &follower);
  follower.trainer = &trainer;
  if (follower.newest.has("counters/step")) trainer.restore(follower.newest);
  trainer.run();
  return trainer.validate();
}

TEST_F(AverageTest, OfAveragedSgdIsTheMeanFromTheTriggerOn) {
  const Config config = asgd_config();
  Follower follower;
  start(config, *data_, *world_, follower);
  const auto first = follower.newest.get_scalar<std::int64_t>("counters/average_start");
  ASSERT_GT(first, 7);  // not before the fourth validation
  ASSERT_LT(first, 28);
  ParameterLayout layout = data_->model(config).layout();
  Buffer<float> average(layout.size());
  layout.load<float>(follower.newest, "average/", average);
  const auto count = static_cast<double>(config.steps - first + 1);
  double largest = 0;
  for (std::size_t i = 0; i < average.size(); ++i) {
    double sum = 0;
    for (std::int64_t update = first; update <= config.steps; ++update) {
      sum += follower.weights[static_cast<std::size_t>(update - 1)][i];
    }
    EXPECT_NEAR(average[i], sum / count, 1e-4 * (1 + std::abs(average[i]))) << i;
    largest = std::max(largest, std::abs(average[i] - follower.weights.back()[i] + 0.0));
  }
  EXPECT_GT(largest, 0.01);  // it is none of the weights themselves
}

TEST_F(AverageTest, OfAveragedSgdIsTheSameEverywhere) {
  Config config = asgd_config();
  Follower straight;
  const double loss = start(config, *data_, *world_, straight).loss;
  const std::string expected = state_digest(straight.newest);
  const auto first = straight.newest.get_scalar<std::int64_t>("counters/average_start");
  // Stopped before, at and behind where averaging begins, with validations due or not.
  for (const std::int64_t stop : {3L, 6L, first - 1, first, first + 1, first + 4}) {
    Follower resumed;
    config.max_steps = stop;
    start(config, *data_, *world_, resumed, 2);
    config.max_steps = 0;
    EXPECT_EQ(start(config, *data_, *world_, resumed).loss, loss) << stop;
    EXPECT_EQ(state_digest(resumed.newest), expected) << stop;
  }
  std::vector<std::string> targets = kernels::supported_targets();
  targets.emplace_back("reference");
  for (const std::string& target : targets) {
    kernels::select_target(target);
    Follower on_target;
    start(config, *data_, *world_, on_target);
    EXPECT_EQ(state_digest(on_target.newest), expected) << target;
  }
  kernels::select_target("auto");
  for (const int ranks : {2, 3, 5}) {
    run_in_process(ranks, [&](Communicator& world) {
      Follower on_ranks;
      EXPECT_EQ(start(config, *data_, world, on_ranks).loss, loss);
      if (world.rank() == 0) {
        EXPECT_EQ(state_digest(on_ranks.newest), expected) << ranks;
      }
    });
  }
}

// Up to where averaging begins, a checkpoint's model is its weights.
TEST_F(AverageTest, OfAveragedSgdIsNoneBeforeTheTrigger) {
  Config config = asgd_config();
  config.max_steps = 5;
  Follower follower;
  start(config, *data_, *world_, follower);
  EXPECT_EQ(evaluated_group(follower.newest), "parameters/");
  EXPECT_NO_THROW(check_saved_run<float>(config, *data_, follower.newest, ""));
  const std::vector<double> losses(9, 1.0);  // more than such a run keeps
  follower.newest.arrays().erase("counters/validation_trend");
  follower.newest.put<double>("counters/validation_trend", losses, {losses.size()});
  EXPECT_THROW(check_saved_run<float>(config, *data_, follower.newest, ""), InputError);
}

}  // namespace
}  // namespace rondo::test
