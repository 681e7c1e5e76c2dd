#include "rondo/train/step_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <thread>

#include "rondo/comm/in_process.hpp"

namespace rondo {
namespace {

using std::chrono::milliseconds;

double share(const StepTimes& times, Phase phase) {
  return times.shares[static_cast<std::size_t>(phase)];
}

// A period of steps that took so long each: own work forward, the rest in the reduction.
StepClock::Period period(const std::vector<float>& own, double reduce) {
  StepClock::Period period;
  period.steps = static_cast<std::int64_t>(own.size());
  std::copy(own.begin(), own.end(), period.own.begin());
  period.seconds[static_cast<std::size_t>(Phase::forward)] =
      std::accumulate(own.begin(), own.end(), 0.0);
  period.seconds[static_cast<std::size_t>(Phase::reduce)] = reduce;
  return period;
}

TEST(StepClock, GivesEachPhaseItsTimeAndNoneToWhatLiesBetweenSteps) {
  Pulse pulse;
  StepClock clock(pulse);
  clock.enter(Phase::forward);
  std::this_thread::sleep_for(milliseconds(20));
  clock.enter(Phase::reduce);
  std::this_thread::sleep_for(milliseconds(10));
  clock.enter(Phase::optimizer);
  clock.end_step();
  std::this_thread::sleep_for(milliseconds(30));
  clock.enter(Phase::reduce);
  clock.leave();

  const StepClock::Period& period = clock.period();
  EXPECT_EQ(period.steps, 1);
  const double forward = period.seconds[static_cast<std::size_t>(Phase::forward)];
  EXPECT_GE(forward, 0.020);
  EXPECT_GE(period.seconds[static_cast<std::size_t>(Phase::reduce)], 0.010);
  EXPECT_LT(period.seconds[static_cast<std::size_t>(Phase::reduce)], 0.030);
  EXPECT_FLOAT_EQ(
      period.own[0],
      static_cast<float>(forward + period.seconds[static_cast<std::size_t>(Phase::optimizer)]));
  clock.clear();
  EXPECT_EQ(clock.period().steps, 0);
  EXPECT_EQ(clock.period().seconds[0], 0);
}

TEST(StepClock, KeepsTheLatestStepsOfALongPeriod) {
  Pulse pulse;
  StepClock clock(pulse);
  const auto steps = static_cast<std::int64_t>(StepClock::kept_steps) + 3;
  for (std::int64_t i = 0; i < steps; ++i) {
    clock.enter(Phase::data);
    clock.end_step();
  }
  EXPECT_EQ(clock.period().steps, steps);
  EXPECT_EQ(join_step_times({clock.period()}).ranks.size(), 1U);
}

TEST(StepTimes, ARankWaitsForTheSlowestOneOfEachStep) {
  // Rank 1 is slower in the first step, rank 0 in the third; each step takes 8 s everywhere.
  const StepTimes times = join_step_times({period({4, 4, 6}, 10), period({6, 4, 4}, 10)});
  // Of 24 s each rank worked 14, waited 2 and reduced for 8.
  EXPECT_DOUBLE_EQ(share(times, Phase::forward), 14.0 / 24);
  EXPECT_DOUBLE_EQ(share(times, Phase::wait), 2.0 / 24);
  EXPECT_DOUBLE_EQ(share(times, Phase::reduce), 8.0 / 24);
  EXPECT_EQ(times.slowest, 0);
}

TEST(StepTimes, NamesTheSlowestRankAndTheSpreadOfEach) {
  const StepTimes times =
      join_step_times({period({1, 2, 4}, 6), period({5, 3, 2}, 3), period({3, 2, 1}, 7)});
  ASSERT_EQ(times.ranks.size(), 3U);
  EXPECT_EQ(times.slowest, 1);
  EXPECT_EQ(times.ranks[1].minimum, 2);
  EXPECT_EQ(times.ranks[1].median, 3);
  EXPECT_EQ(times.ranks[1].maximum, 5);
  EXPECT_NEAR(std::accumulate(times.shares.begin(), times.shares.end(), 0.0), 1, 1e-12);
}

TEST(StepTimes, WaitingIsNeverLongerThanTheReductionThatItIsIn) {
  const StepTimes times = join_step_times({period({1}, 2), period({4}, 0)});
  EXPECT_EQ(share(times, Phase::reduce), 0);
  EXPECT_DOUBLE_EQ(share(times, Phase::wait), 2.0 / 7);
}

TEST(StepTimes, NothingWasMeasured) {
  EXPECT_TRUE(join_step_times({}).ranks.empty());
  EXPECT_TRUE(join_step_times({StepClock::Period{}}).ranks.empty());
}

TEST(StepTimes, ComeTogetherAtRankZero) {
  run_in_process(3, [](Communicator& world) {
    Pulse pulse;
    StepClock clock(pulse);
    clock.enter(Phase::forward);
    std::this_thread::sleep_for(milliseconds(world.rank() == 2 ? 40 : 5));
    clock.end_step();
    const StepTimes times = gather_step_times(world, clock);
    EXPECT_EQ(times.ranks.size(), world.rank() == 0 ? 3U : 0U);
    if (world.rank() == 0) {
      EXPECT_EQ(times.slowest, 2);
    }
  });
}

}  // namespace
}  // namespace rondo
