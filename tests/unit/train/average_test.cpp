// Runs that keep an average of their weights: what validation and checkpoints make of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

#include "digest_run.hpp"
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
    data_ = std::make_unique<TextDataset>(digest_data(folder_));
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
  std::unique_ptr<TextDataset> data_;
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
  const int vocabulary = data_->vocabulary().size();
  EXPECT_NO_THROW(check_saved_run<float>(config, vocabulary, state, "a checkpoint"));
  NamedState without = state;
  without.arrays().erase("average/output.bias");
  EXPECT_THROW(check_saved_run<float>(config, vocabulary, without, "a checkpoint"), InputError);
  EXPECT_THROW(SavedModel<float>(without, "a checkpoint"), InputError);
  const float bad = std::numeric_limits<float>::infinity();
  std::memcpy(state.arrays().at("average/output.bias").bytes.data(), &bad, sizeof bad);
  EXPECT_THROW(check_saved_run<float>(config, vocabulary, state, "a checkpoint"), InputError);
}

}  // namespace
}  // namespace rondo::test
