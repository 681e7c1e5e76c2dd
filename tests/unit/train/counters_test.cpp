#include "rondo/train/counters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "rondo/core/random.hpp"

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

// The number of the validation, from 1, that begins averaging; 0: none does.
std::int64_t average_begins(std::int64_t patience, const std::vector<double>& losses) {
  Config config;
  config.optimizer = "asgd";
  config.average_patience = patience;
  Counters counters;
  for (const double loss : losses) {
    counters.update = ++counters.step;
    counters.note_validation(config, loss);
    if (counters.average_start > 0) {
      EXPECT_EQ(counters.average_start, counters.update + 1);
      EXPECT_EQ(counters.averaged(config), 0);  // its weights are not in it
      counters.update += 3;
      EXPECT_EQ(counters.averaged(config), 3);
      return counters.step;
    }
    EXPECT_EQ(counters.averaged(config), 0);
  }
  return 0;
}

// As the rule of the paper, word for word: t validations are there, the next has loss v; averaging
// begins if t > n and v > min of the first t - n.
TEST(Counters, AveragingBeginsWhereValidationIsNotMonotone) {
  const auto papers = [](std::size_t n, const std::vector<double>& losses) {
    for (std::size_t t = n + 1; t < losses.size(); ++t) {
      const auto end = losses.begin() + static_cast<std::ptrdiff_t>(t - n);
      if (losses[t] > *std::min_element(losses.begin(), end)) return std::int64_t(t) + 1;
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(average_begins(2, {9, 8, 7, 6, 5, 4}), 0);
  EXPECT_EQ(average_begins(1, {5, 6, 6}), 3);
  EXPECT_EQ(average_begins(1, {5, 6, 5}), 0);
  EXPECT_EQ(average_begins(5, {5, 6, 6, 6, 6, 6, 6}), 7);
  const RandomStream random(4, Purpose::test);
  for (std::uint32_t row = 0; row < 200; ++row) {
    std::vector<double> losses;
    for (std::uint64_t i = 0; i < 30; ++i) {
      losses.push_back(random.uniform(i, row) - 0.05 * static_cast<double>(i));
    }
    for (const std::int64_t n : {1, 2, 5, 9}) {
      EXPECT_EQ(average_begins(n, losses), papers(static_cast<std::size_t>(n), losses)) << row;
    }
  }
}

TEST(Counters, KeepWhatAveragingWaitsForInANamedState) {
  Config config;
  config.optimizer = "asgd";
  config.average_patience = 2;
  const Counters counters = after(config, {3, 2, 4, 2.5});
  EXPECT_EQ(counters.trend, (std::vector<double>{2, 4, 2.5}));
  NamedState state;
  counters.save(state);
  Counters loaded;
  loaded.load(state);
  EXPECT_EQ(loaded.trend, counters.trend);
  NamedState older;
  after({}, {3, 4}).save(older);
  loaded.load(older);
  EXPECT_TRUE(loaded.trend.empty());
  EXPECT_EQ(loaded.average_start, 0);
}

// A loss that is no number is never the best.
TEST(Counters, ALossThatIsNoNumberIsStale) {
  Config config;
  config.patience = 3;
  EXPECT_EQ(after(config, {3, std::nan("")}).stale, 1);
  const Counters first = after(config, {std::nan(""), INFINITY, 9});
  EXPECT_EQ(first.best_step, 3);
  EXPECT_EQ(first.stale, 0);
  EXPECT_EQ(after(config, {std::nan(""), INFINITY}).best_step, -1);
  EXPECT_EQ(after(config, {std::nan(""), INFINITY}).stale, 2);
  // As a checkpoint from before has it.
  Counters spoilt;
  spoilt.best_step = 0;
  spoilt.best_loss = std::nan("");
  EXPECT_TRUE(spoilt.note_validation(config, 9));
}

TEST(Counters, ALossThatIsNoNumberIsWorseThanAllBefore) {
  EXPECT_EQ(average_begins(1, {5, 4, std::nan("")}), 3);
  EXPECT_EQ(average_begins(1, {std::nan(""), 6, 5, 7, 8}), 4);
  EXPECT_EQ(average_begins(1, {std::nan(""), std::nan(""), std::nan(""), 4, 3}), 0);
}

TEST(Counters, AStepIsKnownAsGoodByTheNextOne) {
  Counters counters;
  counters.step = 7;
  counters.skipped_in_a_row = 2;
  counters.good_step = 4;  // 5 had a finite loss, and 6 and 7 had not
  NamedState usual;
  counters.save(usual);
  EXPECT_FALSE(usual.has("progress/good_step"));  // it follows from the others
  counters.good_step = 3;                         // 5 had no targets
  NamedState state;
  counters.save(state);
  EXPECT_EQ(counters.usual_loss, Counters::infinity);
  for (const auto& [saved, expected] : {std::pair(&usual, 4), std::pair(&state, 3)}) {
    Counters loaded;
    loaded.load(*saved);
    EXPECT_EQ(loaded.good_step, expected);
  }
}

// Losses far above the usual ones come before those that are not finite.
TEST(Counters, ALossFarAboveTheUsualIsNoGoodSign) {
  Counters counters;
  const auto take = [&](int steps, double loss) {
    for (int i = 0; i < steps; ++i, ++counters.step) counters.note_loss(loss);
  };
  take(50, 4);
  take(150, 1.5);
  EXPECT_EQ(counters.good_step, 199);
  take(1, 2.9);  // a window's own, perhaps
  EXPECT_EQ(counters.good_step, 199);
  take(1, 1.7);
  EXPECT_EQ(counters.good_step, 201);
  take(200, 3.5);
  EXPECT_EQ(counters.good_step, 201);
  take(1, 2);  // among others that are none
  EXPECT_EQ(counters.good_step, 201);
  NamedState state;
  counters.save(state);
  Counters loaded;
  loaded.load(state);
  EXPECT_EQ(loaded.good_step, 201);
  EXPECT_EQ(loaded.usual_loss, counters.usual_loss);
  EXPECT_EQ(loaded.least_loss, counters.least_loss);
  take(200, 1.6);  // it was a bad patch
  EXPECT_EQ(counters.good_step, counters.step - 1);
  take(20000, 4);  // for so long that it is the data's
  EXPECT_EQ(counters.good_step, counters.step - 1);
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
