// What samples have to do with a step adds up to the step's own, of every cell and task that has a
// golden run, on any ranks; and the digest of a state that is hashed part by part.
#include "rondo/train/sample_shares.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "sequence_data.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::test {
namespace {

class Keeper final : public TrainingListener {
 public:
  void gradient(std::span<const float> gradient, const GradientOfStep& of) override {
    sum.assign(gradient.begin(), gradient.end());
    step = of;
  }
  using TrainingListener::gradient;

  std::vector<float> sum;
  GradientOfStep step;
};

struct Measured {
  std::vector<SampleShare> samples;
  GradientOfStep step;
};

// Of step `number` of a run.
Measured measure(const Config& config, const Dataset& data, int ranks, std::int64_t number,
                 int threads = 1) {
  Measured measured;
  const auto on_rank = [&](Communicator& world) {
    ThreadPool pool(threads, kernels::set_float_mode);
    Keeper keeper;
    Trainer<float> trainer(config, data, world, pool, &keeper);
    while (trainer.counters().step + 1 < number) trainer.step();
    const std::string digest = trainer.state_digest();
    NamedState state = trainer.save();
    if (world.rank() == 0) {
      EXPECT_EQ(digest, state_digest(state));
    }
    state = broadcast_state(world, std::move(state));
    trainer.step();
    const LaneShare own = LanePlan{config.lanes, config.block, ranks}.share(world.rank());
    const auto samples =
        united(world, measure_samples<float>(config, data, state, trainer.layout(), keeper.sum,
                                             keeper.step.targets, trainer.total(), own, pool));
    if (world.rank() == 0) measured = {samples, keeper.step};
  };
  run_in_process(ranks, on_rank);
  return measured;
}

void expect_sums(const Measured& measured) {
  double share = 0, loss = 0, targets = 0;
  for (const SampleShare& sample : measured.samples) {
    share += sample.share;
    loss += sample.loss;
    targets += sample.targets;
  }
  EXPECT_GT(measured.samples.size(), 1U);
  EXPECT_NEAR(share, 1, 1e-3);
  EXPECT_NEAR(loss, measured.step.loss, 1e-5 * std::abs(measured.step.loss));
  EXPECT_NEAR(targets, measured.step.targets, 1e-5 * measured.step.targets);
}

void expect_same(const Measured& one, const Measured& other) {
  ASSERT_EQ(one.samples.size(), other.samples.size());
  for (std::size_t i = 0; i < one.samples.size(); ++i) {
    SCOPED_TRACE(i);
    const SampleShare &a = one.samples[i], &b = other.samples[i];
    EXPECT_EQ(a.lane, b.lane);
    EXPECT_EQ(a.sequence, b.sequence);
    EXPECT_EQ(a.step, b.step);
    EXPECT_EQ(a.loss, b.loss);
    EXPECT_EQ(a.norm, b.norm);
    EXPECT_EQ(a.share, b.share);
  }
}

std::filesystem::path scratch() {
  return std::filesystem::temp_directory_path() / fmt::format("rondo-samples-{}", getpid());
}

class SamplesOfTexts : public testing::TestWithParam<std::string> {};

TEST_P(SamplesOfTexts, AddUpToTheStep) {
  kernels::select_target("auto");
  kernels::set_float_mode();
  const Dataset data(digest_data(scratch()));
  std::filesystem::remove_all(scratch());
  const Config config = digest_config(GetParam());
  const Measured alone = measure(config, data, 1, 5);
  expect_sums(alone);
  expect_same(alone, measure(config, data, 3, 5, 2));
}

INSTANTIATE_TEST_SUITE_P(All, SamplesOfTexts, testing::ValuesIn(digest_names()),
                         [](const auto& info) { return test_name(info.param); });

class SamplesOfSequences : public testing::TestWithParam<std::string> {};

TEST_P(SamplesOfSequences, AddUpToTheStep) {
  kernels::select_target("auto");
  kernels::set_float_mode();
  const Config config = sequence_config(GetParam());
  Dataset data(variant_data(scratch(), GetParam()));
  data.read_as(config);
  std::filesystem::remove_all(scratch());
  const Measured alone = measure(config, data, 1, 6);
  expect_sums(alone);
  expect_same(alone, measure(config, data, 3, 6, 2));
}

INSTANTIATE_TEST_SUITE_P(All, SamplesOfSequences, testing::ValuesIn(sequence_variant_names()),
                         [](const auto& info) { return test_name(info.param); });

TEST(SampleShares, TheWorstComeFirst) {
  std::vector<SampleShare> samples(5);
  for (std::size_t i = 0; i < 5; ++i) samples[i].sequence = static_cast<std::int64_t>(i);
  samples[0].norm = 1;
  samples[1].norm = 3;
  samples[2].norm = 1;
  samples[3].norm = std::nan("");
  samples[4].norm = 2;
  worst_first(samples);
  std::vector<std::int64_t> order;
  for (const SampleShare& sample : samples) order.push_back(sample.sequence);
  EXPECT_EQ(order, (std::vector<std::int64_t>{3, 1, 4, 0, 2}));
}

}  // namespace
}  // namespace rondo::test
