#include "rondo/train/counters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rondo {
namespace {

// What the counters say after validations of these losses, one a step.
Counters after(const Config& config, const std::vector<double>& losses) {
  Counters counters;
  for (const double loss : losses) {
    ++counters.step;
    counters.note_validation(config, loss);
  }
  return counters;
}

TEST(Counters, RememberTheBestValidation) {
  Counters counters;
  counters.step = 4;
  EXPECT_TRUE(counters.note_validation({}, 2.0));
  counters.step = 8;
  EXPECT_FALSE(counters.note_validation({}, 2.0));
  EXPECT_EQ(counters.best_step, 4);
  EXPECT_EQ(counters.validated_step, 8);
  EXPECT_EQ(counters.stale, 0);  // nobody listens
}

TEST(Counters, APlateauCallsForADecayAfterItsPatience) {
  Config config;
  config.schedule = "plateau";
  EXPECT_EQ(after(config, {3, 2, 2, 1, 1.5, 1.2}).decays, 3);
  config.decay_patience = 2;
  const Counters counters = after(config, {3, 4, 4, 2, 5, 1, 2, 2, 2});
  EXPECT_EQ(counters.decays, 2);
  EXPECT_EQ(counters.stale, 3);
  EXPECT_EQ(counters.stale_since_decay, 1);
}

TEST(Counters, PatienceAloneDecaysNothing) {
  Config config;
  config.patience = 3;
  const Counters counters = after(config, {3, 4, 5});
  EXPECT_EQ(counters.stale, 2);
  EXPECT_EQ(counters.decays, 0);
}

// A loss that is no number is never the best.
TEST(Counters, ALossThatIsNoNumberIsStale) {
  Config config;
  config.patience = 3;
  EXPECT_EQ(after(config, {3, std::nan("")}).stale, 1);
}

TEST(Counters, SurviveANamedStateAndAreZeroInOlderOnes) {
  Config config;
  config.schedule = "plateau";
  const Counters counters = after(config, {3, 4, 5});
  NamedState state;
  counters.save(state);
  Counters loaded;
  loaded.load(state);
  EXPECT_EQ(loaded.decays, 2);
  EXPECT_EQ(loaded.stale, 2);
  EXPECT_EQ(loaded.best_step, 1);

  NamedState plain;
  after({}, {3, 4, 5}).save(plain);
  EXPECT_FALSE(plain.has("counters/decays"));  // as before these counters were there
  loaded.load(plain);
  EXPECT_EQ(loaded.decays, 0);
  EXPECT_EQ(loaded.stale, 0);
}

}  // namespace
}  // namespace rondo
