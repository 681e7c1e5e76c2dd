// How far gradients reach, where it is known: through a recurrent matrix that halves what passes,
// and through a forget gate of a half.
#include "rondo/train/gradient_reach.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "digest_run.hpp"
#include "input_error.hpp"
#include "rondo/comm/in_process.hpp"
#include "sequence_data.hpp"

namespace rondo::test {
namespace {

class GradientReachTest : public testing::Test {
 protected:
  GradientReachTest() {
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-reach-{}", getpid());
  }
  ~GradientReachTest() override { std::filesystem::remove_all(folder_); }

  // A text of one document.
  void read_text() {
    std::string text = made_up_text(200, 11);
    std::erase(text, '\f');
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "text.txt") << text;
    PrepareOptions options;
    options.inputs = {folder_ / "text.txt"};
    options.output = folder_ / "text.h5";
    prepare_text(options);
    data_ = std::make_unique<Dataset>(options.output);
    config_.window = 10;
  }

  // A model as a run would begin with it, its recurrent matrices a half of the identity, its units
  // all at work; or, of an LSTM, all its gates at a half.
  void make_model(const std::string& cell) {
    config_.cell = cell;
    config_.hidden = 6;
    config_.lanes = 4;
    config_.steps = 1;
    complete(config_);
    data_->read_as(config_);
    const auto world = make_single();
    ThreadPool pool(1);
    Trainer<double> trainer(config_, *data_, *world, pool, nullptr);
    model_ = std::make_unique<SavedModel<double>>(trainer.save(), "here");
    for (const Segment& segment : model_->layout.segments()) {
      for (int row = 0; row < segment.rows(); ++row) {
        for (int column = 0; column < segment.columns; ++column) {
          double& value = model_->parameters[segment.offset + segment.index(row, column)];
          if (cell == "lstm" && segment.name.starts_with("rnn.")) value = 0;
          if (cell != "relu") continue;
          if (segment.role == Segment::Role::recurrent_weights) value = row == column ? 0.5 : 0;
          if (segment.role == Segment::Role::gate_bias) value = 20;
        }
      }
    }
  }

  GradientReach measure(std::int64_t window = 0, int threads = 1, int recompute = 0) {
    model_->config.recompute = recompute;
    const auto split = data_->split("train");
    ThreadPool pool(threads, kernels::set_float_mode);
    return measure_gradient_reach(*model_, *split, reach_layout(model_->config, *split, window),
                                  pool);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
  Config config_ = [] {
    Config config;
    config.precision = "double";
    return config;
  }();
  std::unique_ptr<SavedModel<double>> model_;
};

TEST_F(GradientReachTest, HalvesWithEachStepBackWhereTheMatrixHalves) {
  read_text();
  make_model("relu");
  const GradientReach reach = measure();
  EXPECT_EQ(reach.window, 40);  // four of the run's
  ASSERT_EQ(reach.layers.size(), 1U);
  const LayerReach& layer = reach.layers[0];
  EXPECT_EQ(layer.layer.stack, "rnn");
  EXPECT_FALSE(layer.layer.reversed);
  ASSERT_EQ(layer.norms.size(), 40U);
  EXPECT_EQ(reach.losses, 256);
  EXPECT_GT(layer.norms[0], 0);
  double power = 1;
  for (std::int64_t k = 0; k < 40; ++k, power /= 2) {
    EXPECT_DOUBLE_EQ(layer.norm(k), power) << k;
    EXPECT_NEAR(layer.lost(k), power, 1e-11) << k;
  }
  EXPECT_EQ(layer.lost(40), 0);
  EXPECT_EQ(layer.window_losing_less(0.01), 7);  // 1/128
  EXPECT_EQ(layer.window_losing_less(0.2), 3);
  EXPECT_NEAR(layer.lost_in_mean(3), (0.5 + 0.25 + 0.125) / 3, 1e-11);
  EXPECT_EQ(reach.cut, reach.losses - 4);  // the lanes' first windows begin with the text
}

TEST_F(GradientReachTest, OfAnLstmsCellGoesThroughItsForgetGate) {
  read_text();
  make_model("lstm");
  const GradientReach reach = measure(24);
  EXPECT_EQ(reach.window, 24);
  double power = 0.25;  // the output gate's half, and the forget gate's
  for (std::int64_t k = 1; k < 24; ++k, power /= 2) {
    EXPECT_NEAR(reach.layers[0].norm(k), power, 1e-12) << k;
  }
}

// Each direction from the end where all of the sequence lies before it.
TEST_F(GradientReachTest, OfBothDirectionsOfEachStepsClasses) {
  data_ = std::make_unique<Dataset>(sequence_data(folder_, MadeUp::step_classes));
  config_.bidirectional = true;
  config_.window = 20;
  make_model("relu");
  const GradientReach reach = measure();
  EXPECT_EQ(reach.cut, 0);
  ASSERT_EQ(reach.layers.size(), 2U);
  EXPECT_FALSE(reach.layers[0].layer.reversed);
  EXPECT_TRUE(reach.layers[1].layer.reversed);
  for (const LayerReach& layer : reach.layers) {
    EXPECT_EQ(layer.losses[0], reach.losses);
    ASSERT_GE(layer.norms.size(), 15U);
    double before = layer.norms[0];
    for (std::size_t k = 1; k < layer.norms.size(); ++k) {
      // Of those that have so long a history: fewer and fewer.
      EXPECT_LE(layer.losses[k], layer.losses[k - 1]);
      EXPECT_GT(layer.norms[k], 0);
      EXPECT_LE(2 * layer.norms[k], before * (1 + 1e-12));
      EXPECT_NEAR(layer.norm(k), std::pow(0.5, k), 0.5 * std::pow(0.5, k));
      before = layer.norms[k];
    }
  }
}

TEST_F(GradientReachTest, IsOfWholeSequencesWhereEachHasOneAnswer) {
  for (const MadeUp target : {MadeUp::classes, MadeUp::labels, MadeUp::numbers}) {
    data_ = std::make_unique<Dataset>(sequence_data(folder_, target));
    config_.bidirectional = true;
    config_.window = 20;
    make_model("relu");
    const GradientReach reach = measure();
    for (const LayerReach& layer : reach.layers) {
      EXPECT_EQ(layer.losses[0], reach.losses);
      EXPECT_GE(layer.norms.size(), 15U);
      EXPECT_NEAR(layer.norm(1), 0.5, 0.1);
      EXPECT_GT(layer.norm(12), 0);
    }
    config_ = Config{};
    config_.precision = "double";
  }
}

TEST_F(GradientReachTest, CountsLettersFromTheEndsOfWords) {
  data_ = std::make_unique<Dataset>(sequence_data(folder_, MadeUp::spelt_classes));
  config_.letters_hidden = 3;
  config_.window = 20;
  make_model("relu");
  const GradientReach reach = measure();
  ASSERT_EQ(reach.layers.size(), 3U);
  for (const LayerReach& layer : reach.layers) {
    if (layer.layer.stack == "rnn") continue;
    EXPECT_EQ(layer.layer.stack, "letters");
    EXPECT_EQ(layer.norms.size(), 5U);  // letters of the longest word
    EXPECT_NEAR(layer.norm(1), 0.5, 0.25);
  }
}

TEST_F(GradientReachTest, DoesNotDependOnThreadsAndPieces) {
  read_text();
  make_model("gru");
  const GradientReach one = measure(), three = measure(0, 3), pieces = measure(0, 2, 7);
  EXPECT_GT(one.layers[0].norms[30], 0);
  EXPECT_EQ(three.layers[0].norms, one.layers[0].norms);
  EXPECT_EQ(pieces.layers[0].norms, one.layers[0].norms);
}

TEST_F(GradientReachTest, RefusesWindowsThatCannotBe) {
  read_text();
  make_model("gru");
  EXPECT_NE(error_of([&] { measure(100'000); }).find("--window 100000 is longer than the "),
            std::string::npos);
  data_ = std::make_unique<Dataset>(sequence_data(folder_));
  make_model("gru");
  EXPECT_NE(error_of([&] { measure(8); }).find("its windows hold whole sequences"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo::test
