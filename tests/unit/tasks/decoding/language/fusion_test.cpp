// Shallow fusion: prefix search against all texts one by one, with models that are made up;
// sequences in company; lists of words.
#include "tasks/decoding/language/fusion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../made_up_steps.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "spelt_column.hpp"
#include "tasks/decoding/language/word_list.hpp"

namespace rondo {
namespace {

using tasks::Fusion;
using tasks::impossible;
using tasks::SpeltText;
using tasks::StepScores;
using test::Symbols;

// What comes next hangs on all that was said, by random numbers; some of it is impossible.
class MadeUpModel final : public tasks::StatesOfTexts<Symbols> {
 public:
  explicit MadeUpModel(std::uint64_t seed) : seed_(seed) {}

  double of(const Symbols& before, std::uint64_t next) const {
    std::uint64_t key = seed_;
    for (const std::int32_t symbol : before) {
      key = key * 6364136223846793005U + static_cast<std::uint64_t>(symbol) + 1442695040888963407U;
    }
    const double drawn = RandomStream(key, Purpose::test).uniform(next);
    return drawn < 0.1 ? impossible : 5 * (drawn - 1);
  }
  double end_after(const Symbols& text) const override { return of(text, end_number); }

 protected:
  Symbols first() const override { return {}; }
  Symbols after(const Symbols& before, std::int32_t symbol) const override {
    Symbols longer = before;
    longer.push_back(symbol);
    return longer;
  }
  void next_after(const Symbols& state, std::span<double> to) const override {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = of(state, i);
  }

 private:
  static constexpr std::uint64_t end_number = 99;
  std::uint64_t seed_;
};

Fusion made_up_fusion(std::uint64_t seed, double weight, double bonus) {
  Fusion fusion;
  fusion.language_model = std::make_unique<MadeUpModel>(seed);
  fusion.weight = weight;
  fusion.bonus = bonus;
  return fusion;
}

// What is known of a text; minus infinity: it is impossible.
double known(const MadeUpModel& model, const Symbols& text, double weight, double bonus) {
  double sum = 0;
  Symbols before;
  for (const std::int32_t symbol : text) {
    sum += weight * model.of(before, static_cast<std::uint64_t>(symbol)) + bonus;
    before.push_back(symbol);
  }
  return sum + weight * model.end_after(text);
}

class FusionTest : public testing::Test {
 protected:
  FusionTest() : pool_(3, kernels::set_float_mode) {}
  ThreadPool pool_;
};

TEST_F(FusionTest, SearchThatDropsNothingFindsTheBestTexts) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const double weight = 0.25 * static_cast<double>(1 + seed % 4);
    const double bonus = seed % 3 == 0 ? -0.5 : 0.75;
    for (int steps = 1; steps <= 6; ++steps) {
      const std::vector<double> values = test::drawn_scores(steps, 4, seed, false);
      const StepScores scores{values, 4};
      const Symbols never = seed % 2 == 0 ? Symbols{1} : Symbols{};
      const MadeUpModel model(seed);
      std::vector<std::pair<double, Symbols>> order;
      for (const auto& [text, probability] : test::all_texts(scores, never)) {
        const double more = known(model, text, weight, bonus);
        if (more != impossible) order.emplace_back(-std::log(probability) - more, text);
      }
      std::ranges::sort(order);
      const tasks::SpellingOptions options{.beam = 4000, .n_best = 4000, .never = never};
      const Fusion fusion = made_up_fusion(seed, weight, bonus);
      const std::vector<SpeltText> found =
          tasks::spell_fused({&scores, 1}, options, fusion, pool_).front();
      ASSERT_EQ(found.size(), order.size()) << "seed " << seed << " steps " << steps;
      for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_EQ(found[i].symbols, order[i].second) << "seed " << seed << " place " << i;
        EXPECT_NEAR(found[i].score, -order[i].first, 1e-10);
        EXPECT_NEAR(found[i].score - found[i].log_probability,
                    known(model, found[i].symbols, weight, bonus), 1e-10);
        EXPECT_FALSE(found[i].outside_list);
      }
    }
  }
}

// Without a weight nothing changes.
TEST_F(FusionTest, NothingKnownIsTheSearchWithoutIt) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<double> values = test::drawn_scores(9, 4, seed, seed % 2 == 0);
    const StepScores scores{values, 4};
    const tasks::SpellingOptions options{.beam = 3, .n_best = 3, .never = {}};
    EXPECT_EQ(tasks::spell_fused({&scores, 1}, options, Fusion{}, pool_).front(),
              tasks::spell(scores, options));
  }
}

TEST_F(FusionTest, ASequenceIsTheSameInAnyCompany) {
  std::vector<std::vector<double>> values;
  std::vector<StepScores> sequences;
  for (std::uint64_t i = 0; i < 300; ++i) {
    values.push_back(test::drawn_scores(static_cast<int>(1 + i % 13), 5, i, i % 3 == 0));
  }
  values[7][2] = std::nan("");
  for (const std::vector<double>& own : values) sequences.push_back({own, 5});
  const tasks::SpellingOptions options{.beam = 6, .n_best = 2, .never = {}};
  const Fusion fusion = made_up_fusion(8, 0.5, 0.5);
  const auto together = tasks::spell_fused(sequences, options, fusion, pool_);
  ThreadPool one(1, kernels::set_float_mode);
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto alone = tasks::spell_fused({&sequences[i], 1}, options, fusion, one).front();
    if (i == 7) {
      EXPECT_TRUE(alone.front().symbols.empty() && std::isnan(alone.front().score));
      EXPECT_TRUE(std::isnan(together[i].front().score));
      continue;
    }
    EXPECT_EQ(together[i], alone) << i;
  }
}

TEST_F(FusionTest, WordsOfTheListAloneAreSpelt) {
  const Column said = test::spelt_column({"a", "b", " "});
  const int classes = said.vocabulary->size() + 1;
  const auto listed = [](const Symbols& text) {  // words "ab" and "b"
    std::string spelt;
    for (const std::int32_t symbol : text)
      spelt += std::string("??ab ")[static_cast<std::size_t>(symbol)];
    for (const char* word : {"ab", "b"}) {
      for (std::size_t at;
           (at = (" " + spelt + " ").find(" " + std::string(word) + " ")) != std::string::npos;) {
        spelt.erase(at, std::string(word).size());
      }
    }
    return spelt.find_first_not_of(' ') == std::string::npos;
  };
  tasks::SpellingOptions options = tasks::usual_spelling(said);
  options.beam = 4000;
  Fusion fusion = made_up_fusion(5, 0.5, 0.25);
  fusion.word_list = std::make_unique<tasks::WordList>("ab\nb\n", said, "x");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<double> values = test::drawn_scores(5, classes, seed, false);
    const StepScores scores{values, classes};
    const MadeUpModel model(5);
    std::pair<double, Symbols> best{impossible, {}};
    for (const auto& [text, probability] : test::all_texts(scores, options.never)) {
      if (!listed(text)) continue;
      best = std::max(best, {std::log(probability) + known(model, text, 0.5, 0.25), text});
    }
    const auto found = tasks::spell_fused({&scores, 1}, options, fusion, pool_).front();
    EXPECT_EQ(found.front().symbols, best.second) << seed;
    EXPECT_NEAR(found.front().score, best.first, 1e-10);
  }
}

// Two steps that say "aa" for sure: no beam of two comes to a word of the list.
TEST_F(FusionTest, WhereNoWordIsLeftTheListIsLeft) {
  const Column said = test::spelt_column({"a", "b"});
  std::vector<double> values;
  for (const int best : {2, 4, 2}) {
    for (int c = 0; c < 5; ++c) values.push_back(std::log(c == best ? 0.96 : 0.01));
  }
  const StepScores scores{values, 5};
  tasks::SpellingOptions options = tasks::usual_spelling(said);
  options.beam = options.n_best = 2;
  Fusion fusion;
  fusion.word_list = std::make_unique<tasks::WordList>("aab\n", said, "x");
  // The empty text is of no word as well, and the third best.
  const auto found = tasks::spell_fused({&scores, 1}, options, fusion, pool_).front();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.front().symbols, (Symbols{2, 2}));
  EXPECT_TRUE(found[0].outside_list && found[1].outside_list);
  fusion.word_list = std::make_unique<tasks::WordList>("aa\n", said, "x");
  EXPECT_FALSE(tasks::spell_fused({&scores, 1}, options, fusion, pool_).front()[0].outside_list);
}

}  // namespace
}  // namespace rondo
