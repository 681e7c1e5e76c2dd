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
    epochs.push_back(report.epoch);
    events.push_back(fmt::format("validation {}{}", report.step, report.best ? " best" : ""));
  }
  void sample(std::int64_t step, const std::string& text) override {
    events.push_back(fmt::format("sample {}", step));
    EXPECT_GT(text.size(), 100U);
  }
  void message(const std::string& sentence) override { events.push_back(sentence); }
  void checkpoint(NamedState state, const DueCheckpoint& due) override {
    events.push_back(fmt::format("checkpoint {}{}{}{}", due.step, due.best ? " best" : "",
                                 due.last ? " last" : "", due.again ? " again" : ""));
    states.push_back(std::move(state));
    good_steps.push_back(due.good_step);
  }
  std::int64_t newest_checkpoint(std::int64_t last_step) override { return last_step; }
  std::vector<std::string> events;
  std::vector<double> losses;
  std::vector<NamedState> states;
  std::vector<std::int64_t> good_steps, epochs;
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

TEST_F(TrainerTest, ReportsSavesValidatesAndSamplesInThisOrder) {
  config_.report_every = 2;
  config_.validate_every = 3;
  config_.sample_every = 6;
  config_.checkpoint_every = 4;
  Recorder recorder;
  EXPECT_EQ(run(recorder), ExitCode::finished);
  EXPECT_EQ(recorder.events,
            (Events{"checkpoint 0", "report 2", "validation 3 best", "checkpoint 3 best",
                    "report 4", "checkpoint 4", "report 6", "checkpoint 6", "validation 6 best",
                    "checkpoint 6 best last", "sample 6"}));
  EXPECT_EQ(recorder.good_steps, (std::vector<std::int64_t>{-1, 2, 3, 5, 5}));
  ASSERT_EQ(recorder.states.size(), 5U);
  EXPECT_EQ(recorder.states.back().texts.at("finished"), "true");
  EXPECT_EQ(recorder.states[3].texts.at("finished"), "false");  // its validation is to come
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
  EXPECT_EQ(with.events[0], "validation 2 best");
  EXPECT_EQ(with.events[1], "checkpoint 2 best");
}

TEST_F(TrainerTest, APendingValidationIsOfTheEpochOfItsStep) {
  config_.window = 200;
  config_.steps = 40;
  config_.checkpoint_every = 1;
  config_.validate_every = 8;
  Recorder whole;
  run(whole);
  EXPECT_GT(whole.epochs.back(), 0);
  int pending = 0;
  for (const NamedState& state : whole.states) {
    const auto validated = state.get_scalar<std::int64_t>("progress/validated_step");
    if (state.get_scalar<std::int64_t>("counters/step") < validated + 8) continue;
    Recorder rest;
    run(rest, &state);
    EXPECT_EQ(rest.epochs, std::vector(whole.epochs.begin() + validated / 8, whole.epochs.end()));
    ++pending;
  }
  EXPECT_EQ(pending, 5);
}

// A run that ends in a validation, at the step of a checkpoint or at its end, has lost nothing, and
// makes it first when it goes on.
TEST_F(TrainerTest, AValidationThatWasNotMadeComesFirst) {
  config_.checkpoint_every = 2;
  config_.validate_every = 4;
  Recorder whole;
  run(whole);
  EXPECT_EQ(whole.events, (Events{"checkpoint 0", "checkpoint 2", "checkpoint 4",
                                  "validation 4 best", "checkpoint 4 best", "report 6",
                                  "checkpoint 6", "validation 6 best", "checkpoint 6 best last"}));
  ASSERT_EQ(whole.states.size(), 6U);
  Recorder rest, end;
  run(rest, &whole.states[2]);
  EXPECT_EQ(rest.events, Events(whole.events.begin() + 3, whole.events.end()));
  EXPECT_EQ(state_digest(rest.states.back()), state_digest(whole.states.back()));
  run(end, &whole.states[4]);
  EXPECT_EQ(end.events, Events(whole.events.end() - 2, whole.events.end()));
  EXPECT_EQ(end.states.back().texts.at("finished"), "true");
}

TEST_F(TrainerTest, AStopInAValidationBreaksItOffOnAllRanks) {
  config_.steps = 8;
  config_.checkpoint_every = 4;
  config_.validate_every = 4;
  complete(config_);
  Recorder whole;
  run(whole);
  for (const std::int64_t stop : {4, 8}) {
    Recorder broken, rest;
    run_in_process(3, [&](Communicator& world) {
      kernels::set_float_mode();
      ThreadPool pool(1);
      Trainer<float> trainer(config_, *data_, world, pool, world.rank() == 0 ? &broken : nullptr);
      int asked = 0;
      const ExitCode code = trainer.run([&](std::int64_t step) {
        // In the step itself, then between windows: first to save, then to stop.
        if (step != stop || world.rank() != 2) return Requests{};
        ++asked;
        return Requests{asked == 3, asked == 2};
      });
      EXPECT_EQ(code, ExitCode::stopped);
      EXPECT_EQ(trainer.counters().step, stop);
      EXPECT_FALSE(trainer.is_finished());
    });
    const std::string at = fmt::format(" {}", stop);
    ASSERT_GE(broken.events.size(), 4U);
    EXPECT_EQ(Events(broken.events.end() - 4, broken.events.end()),
              (Events{"checkpoint" + at, "checkpoint" + at + " again",
                      "the validation of step" + at +
                          " is broken off, and comes first when the run goes on",
                      "checkpoint" + at + " last again"}));
    EXPECT_EQ(run(rest, &broken.states.back()), ExitCode::finished);
    EXPECT_EQ(rest.events.front(), fmt::format("validation {} best", stop));
    EXPECT_EQ(state_digest(rest.states.back()), state_digest(whole.states.back()));
  }
}

TEST_F(TrainerTest, WhoStopsInAStepDoesNotWaitForItsValidation) {
  config_.validate_every = 4;
  config_.sample_every = 4;
  Recorder recorder;
  EXPECT_EQ(run(recorder, nullptr,
                [](std::int64_t step) {
                  return Requests{step == 4, false};
                }),
            ExitCode::stopped);
  EXPECT_EQ(recorder.events, (Events{"report 4", "checkpoint 4 last"}));
}

// The request is not lost either: the ranks stop at the next step.
TEST_F(TrainerTest, AStopEndsASample) {
  config_.sample_every = 2;
  Recorder recorder;
  int asked = 0;
  EXPECT_EQ(run(recorder, nullptr,
                [&](std::int64_t step) {
                  return Requests{step == 2 && ++asked == 100, false};  // once
                }),
            ExitCode::stopped);
  EXPECT_EQ(recorder.events, (Events{"report 3", "checkpoint 3 last"}));
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
    EXPECT_NE(std::string(error.what()).find("100 steps in a row, up to step 100; no checkpoint "),
              std::string::npos)
        << error.what();
  }
  // Its end is saved, and whoever goes on from there as before is at the end at once.
  EXPECT_EQ(recorder.events.back(), "checkpoint 100");
  EXPECT_EQ(recorder.good_steps.back(), -1);
  Recorder again;
  EXPECT_THROW(run(again, &recorder.states.back()), RunError);
  EXPECT_EQ(again.events, Events{});
}

TEST_F(TrainerTest, ARunThatDivergesNamesACheckpointThatIsKnownAsGood) {
  config_.cell = "relu";
  config_.optimizer = "sgd";
  config_.rate = 100;
  config_.steps = 1000;
  config_.checkpoint_every = 10;
  Recorder recorder;
  try {
    run(recorder);
    FAIL() << "the run went on";
  } catch (const RunError& error) {
    const std::int64_t good = recorder.good_steps.back();
    const auto end = recorder.states.back().get_scalar<std::int64_t>("counters/step");
    EXPECT_GT(good, -1);
    EXPECT_LT(good, end - 100);
    EXPECT_NE(std::string(error.what()).find(fmt::format("checkpoint of step {} in", good)),
              std::string::npos)
        << error.what();
  }
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
