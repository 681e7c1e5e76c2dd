// Runs that listen to their validations: the plateau schedule, early stop.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <vector>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"

namespace rondo::test {
namespace {

// Takes the newest checkpoint and the rates that were reported.
class Recorder final : public TrainingListener {
 public:
  void report(const ProgressReport& report) override { rates.push_back(report.rate); }
  void checkpoint(NamedState state, const DueCheckpoint&) override { newest = std::move(state); }
  NamedState newest;
  std::vector<double> rates;
};

class PlateauTest : public testing::Test {
 protected:
  PlateauTest() : world_(make_single()) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-plateau-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~PlateauTest() override { std::filesystem::remove_all(folder_); }

  // So fast that validations get worse.
  static Config wild_config() {
    Config config = digest_config("lstm");
    config.hidden = 19;
    config.embedding = 7;
    config.optimizer = "sgd";
    config.rate = 300;
    config.schedule = "plateau";
    config.warmup_steps = 0;
    config.validate_every = 2;
    config.report_every = 1;
    config.steps = 30;
    return config;
  }
  // One start of the program; goes on from `recorder`'s checkpoint where it holds one.
  ExitCode run(const Config& config, Recorder& recorder, Communicator& world) {
    ThreadPool pool(1, kernels::set_float_mode);
    Trainer<float> trainer(config, *data_, world, pool, &recorder);
    if (recorder.newest.has("counters/step")) trainer.restore(recorder.newest);
    const ExitCode code = trainer.run();
    EXPECT_EQ(trainer.is_finished(), code == ExitCode::finished);
    return code;
  }
  static std::int64_t saved(const Recorder& recorder, const std::string& name) {
    return recorder.newest.has(name) ? recorder.newest.get_scalar<std::int64_t>(name) : 0;
  }

  std::unique_ptr<Communicator> world_;
  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

TEST_F(PlateauTest, TheRateFallsAndGoesOnFallingAfterAResume) {
  Config config = wild_config();
  Recorder straight;
  EXPECT_EQ(run(config, straight, *world_), ExitCode::finished);
  const std::int64_t decays = saved(straight, "counters/decays");
  EXPECT_GE(decays, 3);
  EXPECT_EQ(straight.rates.front(), 300);
  EXPECT_LE(straight.rates.back(), 300 * std::ldexp(1.0, static_cast<int>(1 - decays)));

  for (const std::int64_t stop : {1, 7, 8}) {
    Recorder resumed;
    config.max_steps = stop;
    EXPECT_EQ(run(config, resumed, *world_), ExitCode::stopped);
    config.max_steps = 0;
    EXPECT_EQ(run(config, resumed, *world_), ExitCode::finished);
    EXPECT_EQ(state_digest(resumed.newest), state_digest(straight.newest)) << stop;
    EXPECT_EQ(resumed.rates, straight.rates) << stop;
  }
  run_in_process(3, [&](Communicator& world) {
    Recorder ranks;
    run(config, ranks, world);
    if (world.rank() == 0) {
      EXPECT_EQ(state_digest(ranks.newest), state_digest(straight.newest));
    }
  });
}

// Made longer, the run is as if it had been so from the start, whatever step its end fell on.
TEST_F(PlateauTest, ALongerRunIsTheSame) {
  Config config = wild_config();
  Recorder straight, longer;
  run(config, straight, *world_);
  config.steps = 13;
  run(config, longer, *world_);
  EXPECT_EQ(longer.newest.texts.at("finished"), "true");
  config.steps = 30;
  run(config, longer, *world_);
  EXPECT_EQ(state_digest(longer.newest), state_digest(straight.newest));
}

TEST_F(PlateauTest, ARunOutOfPatienceIsFinished) {
  Config config = wild_config();
  config.schedule = "constant";
  config.patience = 3;
  config.steps = 1000;
  Recorder recorder;
  EXPECT_EQ(run(config, recorder, *world_), ExitCode::finished);
  const std::int64_t end = saved(recorder, "counters/step");
  EXPECT_LT(end, 1000);
  EXPECT_EQ(saved(recorder, "counters/stale"), 3);
  EXPECT_EQ(recorder.newest.texts.at("finished"), "true");
  EXPECT_EQ(recorder.rates.size(), static_cast<std::size_t>(end));

  // Resumed, it has nothing to do; with more patience it goes on.
  EXPECT_EQ(run(config, recorder, *world_), ExitCode::finished);
  EXPECT_EQ(saved(recorder, "counters/step"), end);
  config.patience = 5;
  EXPECT_EQ(run(config, recorder, *world_), ExitCode::finished);
  EXPECT_GT(saved(recorder, "counters/step"), end);
  EXPECT_EQ(saved(recorder, "counters/stale"), 5);
}

}  // namespace
}  // namespace rondo::test
