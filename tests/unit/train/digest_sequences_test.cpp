// Whole sequences: the same bits on any ranks, threads, vector targets, groups of blocks, lanes of
// evaluation, and after a resume.
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <vector>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "sequence_data.hpp"

namespace rondo::test {
namespace {

class DigestSequencesTest : public testing::TestWithParam<std::string> {
 protected:
  DigestSequencesTest() : world_(make_single()) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("rondo-sequences-{}", getpid());
    data_ = std::make_unique<Dataset>(variant_data(folder, GetParam()));
    data_->read_as(sequence_config(GetParam()));
    std::filesystem::remove_all(folder);
  }
  Digests alone(const Config& config, int threads = 1, std::int64_t resume_at = 0) const {
    return digest_run(*world_, config, *data_, threads, golden_steps, resume_at);
  }

  bool says_texts() const { return tasks::said_column_of(data_->columns()) != nullptr; }

  std::unique_ptr<Communicator> world_;
  std::unique_ptr<Dataset> data_;
};

TEST_P(DigestSequencesTest, AreTheGoldenOnesOnAnyVectorTarget) {
  std::vector<std::string> targets = kernels::supported_targets();
  targets.emplace_back("reference");
  for (const std::string& target : targets) {
    SCOPED_TRACE(target);
    kernels::select_target(target);
    expect_golden(GetParam(), alone(sequence_config(GetParam())));
  }
  kernels::select_target("auto");
}

TEST_P(DigestSequencesTest, DoNotDependOnRanksThreadsAndResumes) {
  const Config config = sequence_config(GetParam());
  expect_golden(GetParam(), alone(config, 3));
  expect_golden(GetParam(), alone(config, 1, 5));
  for (const int ranks : {2, 3, 5}) {
    run_in_process(ranks, [&](Communicator& world) {
      const Digests digests = digest_run(world, config, *data_, 1, golden_steps, 7);
      if (world.rank() == 0) expect_golden(GetParam(), digests);
    });
  }
}

TEST_P(DigestSequencesTest, DoNotDependOnGroupsOfBlocksAndLanesOfEvaluation) {
  Config config = sequence_config(GetParam());
  config.memory = 0.5;
  expect_golden(GetParam(), alone(config));
  config.memory = 1024;
  config.eval_lanes = 6;
  const Digests other = alone(config), expected = golden(GetParam());
  EXPECT_EQ(other.validation, expected.validation);
  EXPECT_EQ(other.parameters, expected.parameters);
}

TEST_P(DigestSequencesTest, DoNotDependOnPiecesOfWindows) {
  Config config = sequence_config(GetParam());
  if (config.bidirectional || config.pool != "last" || says_texts()) return;
  config.recompute = 3;
  expect_golden(GetParam(), alone(config, 2));
}

TEST_P(DigestSequencesTest, LearnsInAFewEpochs) {
  Config config = sequence_config(GetParam());
  config.schedule = "constant";
  config.steps = 400;
  ThreadPool pool(1, kernels::set_float_mode);
  Trainer<float> trainer(config, *data_, *world_, pool, nullptr);
  const double before = trainer.validate().loss;
  // As many steps of sequences: where windows are short, so many more.
  for (std::int64_t step = 0; step < 150 * 13 / config.window; ++step) trainer.step();
  EXPECT_LT(trainer.last_loss(), 0.8 * before);
}

// What a network says hangs neither on how long a window is nor on the lanes, and is the same
// whether sequences lie in a window as a whole or go on from window to window.
TEST_P(DigestSequencesTest, AnswersDoNotDependOnWindows) {
  const Config config = sequence_config(GetParam());
  if (says_texts()) return;  // lanes of evaluation are above, company in tasks/decoding
  const bool spelt = letters_among(data_->columns()) >= 0;  // they need whole sequences
  if (config.pool != "last" || (config.bidirectional && !spelt)) return;  // so do these
  ThreadPool pool(1, kernels::set_float_mode);
  const NetworkPlan model = data_->model(config);
  const ParameterLayout layout = model.layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(model, layout, {.seed = 3}, parameters);
  const auto split = data_->split("train");
  const auto targets = *data_->task().sequence_targets(data_->columns());
  std::map<std::int64_t, std::vector<float>> heard;  // each row once
  const auto say = [&](std::int64_t row, std::span<const float> values) {
    EXPECT_TRUE(heard.try_emplace(row, values.begin(), values.end()).second) << row;
  };
  const auto answers = [&](bool carried, std::int64_t window, std::int64_t lanes) {
    EvaluationShape shape;
    shape.lanes = lanes;
    shape.block = 2;
    shape.window = window;
    shape.carried = carried;
    shape.longest = split->longest_windows(shape.layout(shape.plan(1), 0));
    if (carried) {
      EXPECT_EQ(shape.longest.first, window);
    }
    Evaluator<float> evaluator(model, layout, parameters.data(), shape, *world_);
    heard.clear();
    return *evaluator.answer(*split, targets, pool, nullptr, {}, say);
  };
  const Answers whole = answers(false, 20, 22);
  const auto expected = heard;
  for (const std::int64_t window : {1, 3, 7, 64}) {
    for (const std::int64_t lanes : {2, 6}) {
      const Answers carried = answers(!spelt, window, lanes);
      EXPECT_EQ(heard, expected);
      EXPECT_EQ(carried.losses, whole.losses) << window << ' ' << lanes;
      EXPECT_EQ(carried.weights, whole.weights);
      EXPECT_EQ(carried.said, whole.said);
      EXPECT_EQ(carried.targets, whole.targets);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, DigestSequencesTest, testing::ValuesIn(sequence_variant_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace rondo::test
