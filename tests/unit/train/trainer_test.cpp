// The loop around the step: rhythm, requests, limits, steps that are not finite.
#include "rondo/train/trainer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <mutex>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"

namespace rondo::test {
namespace {

// Writes down what it is told, a word an event.
class Recorder : public TrainingListener {
 public:
  void report(const ProgressReport& report) override {
    events.push_back(fmt::format("report {}", report.step));
    losses.push_back(report.loss);
  }
  void validation(const ValidationReport& report) override {
    events.push_back(fmt::format("validation {}{}", report.step, report.best ? " best" : ""));
  }
  void sample(std::int64_t step, const std::string& text) override {
    events.push_back(fmt::format("sample {}", step));
    EXPECT_GT(text.size(), 100U);
  }
  void checkpoint(NamedState state, std::int64_t step, bool, bool last) override {
    events.push_back(fmt::format("checkpoint {}{}", step, last ? " last" : ""));
    states.push_back(std::move(state));
  }
  std::vector<std::string> events;
  std::vector<double> losses;
  std::vector<NamedState> states;
};

class TrainerTest : public testing::Test {
 protected:
  TrainerTest() {
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-trainer-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
    config_.cell = "gru";
    config_.hidden = 12;
    config_.lanes = 6;
    config_.block = 2;
    config_.window = 8;
    config_.steps = 6;
    config_.rate = 0.01;
    config_.report_every = 0;
    complete(config_);
  }
  ~TrainerTest() override { std::filesystem::remove_all(folder_); }

  // One rank, from the start or from a state.
  ExitCode run(Recorder& recorder, const NamedState* from = nullptr,
               const AskRequests& requests = {}) {
    const auto world = make_single();
    ThreadPool pool(1);
    Trainer<float> trainer(config_, *data_, *world, pool, &recorder);
    if (from != nullptr) trainer.restore(*from);
    return trainer.run(requests);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
  Config config_;
};

using Events = std::vector<std::string>;

TEST_F(TrainerTest, ReportsValidatesSamplesAndSavesInThisOrder) {
  config_.report_every = 2;
  config_.validate_every = 3;
  config_.sample_every = 6;
  config_.checkpoint_every = 4;
  Recorder recorder;
  EXPECT_EQ(run(recorder), ExitCode::finished);
  EXPECT_EQ(recorder.events, (Events{"checkpoint 0", "report 2", "validation 3 best",
                                     "checkpoint 3", "report 4", "checkpoint 4", "report 6",
                                     "validation 6 best", "sample 6", "checkpoint 6 last"}));
  EXPECT_EQ(recorder.states.back().texts.at("finished"), "true");
  EXPECT_EQ(recorder.states.front().texts.at("finished"), "false");
}

TEST_F(TrainerTest, StopsAtItsLimitAndGoesOnToTheSameEnd) {
  config_.report_every = 4;
  Recorder whole;
  EXPECT_EQ(run(whole), ExitCode::finished);

  config_.max_steps = 3;
  Recorder first, second;
  EXPECT_EQ(run(first), ExitCode::stopped);
  EXPECT_EQ(first.events, (Events{"report 3", "checkpoint 3 last"}));
  EXPECT_EQ(run(second, &first.states.back()), ExitCode::finished);
  EXPECT_EQ(state_digest(second.states.back()), state_digest(whole.states.back()));
}

TEST_F(TrainerTest, ReportsTheSameMeansAfterAResume) {
  config_.report_every = 4;
  config_.checkpoint_every = 2;  // saved between two reports
  Recorder whole, rest;
  run(whole);
  const NamedState& second_step = whole.states[1];
  run(rest, &second_step);
  EXPECT_EQ(rest.events.front(), "report 4");
  EXPECT_EQ(rest.losses, whole.losses);
}

TEST_F(TrainerTest, MakesAPendingValidationFirst) {
  config_.checkpoint_every = 2;
  Recorder without, with;
  run(without);
  config_.validate_every = 2;  // due at the checkpoint of step 2, and not in it
  run(with, &without.states[1]);
  EXPECT_EQ(with.events.front(), "validation 2 best");
}

TEST_F(TrainerTest, ARequestOnAnyRankStopsAllAtTheSameStep) {
  std::mutex mutex;
  std::vector<std::int64_t> stops;
  Recorder recorder;
  run_in_process(3, [&](Communicator& world) {
    kernels::set_float_mode();
    ThreadPool pool(1);
    Trainer<float> trainer(config_, *data_, world, pool, world.rank() == 0 ? &recorder : nullptr);
    const ExitCode code = trainer.run([&](std::int64_t step) {
      return Requests{world.rank() == 2 && step == 4, false};
    });
    EXPECT_EQ(code, ExitCode::stopped);
    const std::lock_guard guard(mutex);
    stops.push_back(trainer.counters().step);
  });
  EXPECT_EQ(stops, (std::vector<std::int64_t>{4, 4, 4}));
  EXPECT_EQ(recorder.events.back(), "checkpoint 4 last");
}

TEST_F(TrainerTest, StepsThatAreNotFiniteChangeNothingAndAHundredOfThemEndTheRun) {
  config_.steps = 300;
  const auto world = make_single();
  ThreadPool pool(1);
  Recorder recorder;
  Trainer<float> trainer(config_, *data_, *world, pool, &recorder);
  NamedState state = trainer.save();
  auto& bias = state.arrays().at("parameters/output.bias");
  reinterpret_cast<float*>(bias.bytes.data())[0] = NAN;
  trainer.restore(state);

  trainer.step();
  EXPECT_EQ(trainer.counters().step, 1);
  EXPECT_EQ(trainer.counters().update, 0);
  EXPECT_EQ(trainer.counters().skipped_in_a_row, 1);
  EXPECT_EQ(parameter_digest(trainer.save()), parameter_digest(state));
  try {
    trainer.run();
    FAIL() << "the run went on";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("100 steps in a row"), std::string::npos);
  }
  EXPECT_EQ(trainer.counters().step, 99);  // the hundredth did not end
}

TEST_F(TrainerTest, RefusesMoreRanksThanBlocks) {
  EXPECT_NO_THROW(check_rank_count(config_, 3));
  EXPECT_THROW(check_rank_count(config_, 4), InputError);
}

TEST_F(TrainerTest, LearnsTheText) {
  config_.steps = 150;
  config_.validate_every = 150;
  config_.hidden = 48;
  const auto world = make_single();
  ThreadPool pool(2, kernels::set_float_mode);
  Trainer<float> trainer(config_, *data_, *world, pool, nullptr);
  const double before = trainer.validate().loss;
  for (int i = 0; i < 150; ++i) trainer.step();
  const double after = trainer.validate().loss;
  EXPECT_NEAR(before, std::log(data_->columns()[0].vocabulary->size()),
              0.3);  // it knows nothing yet
  EXPECT_LT(after, before - 0.5);
}

}  // namespace
}  // namespace rondo::test
