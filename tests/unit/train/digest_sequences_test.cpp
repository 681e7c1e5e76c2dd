// Whole sequences: the same bits on any ranks, threads, vector targets, groups of blocks, lanes of
// evaluation, and after a resume.
#include <gtest/gtest.h>
#include <unistd.h>

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
    data_ = std::make_unique<Dataset>(sequence_data(folder, targets_of(GetParam())));
    std::filesystem::remove_all(folder);
  }
  Digests alone(const Config& config, int threads = 1, std::int64_t resume_at = 0) const {
    return digest_run(*world_, config, *data_, threads, golden_steps, resume_at);
  }

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

TEST_P(DigestSequencesTest, LearnsInAFewEpochs) {
  Config config = sequence_config(GetParam());
  config.schedule = "constant";
  config.steps = 400;
  ThreadPool pool(1, kernels::set_float_mode);
  Trainer<float> trainer(config, *data_, *world_, pool, nullptr);
  const double before = trainer.validate().loss;
  for (int step = 0; step < 150; ++step) trainer.step();
  EXPECT_LT(trainer.last_loss(), 0.8 * before);
}

INSTANTIATE_TEST_SUITE_P(Variants, DigestSequencesTest, testing::ValuesIn(sequence_variant_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace rondo::test
