// What steps spell: greedy, prefix search against all texts one by one, and when symbols are said
// against all paths.
#include "tasks/decoding/spelling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "made_up_steps.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

using tasks::SpeltSymbol;
using tasks::SpeltText;
using tasks::StepScores;
using test::drawn_scores;
using test::for_each_path;
using test::spelt;
using test::Symbols;

TEST(Spelling, PrefixSearchThatDropsNothingFindsTheLikeliestTexts) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (int steps = 1; steps <= 6; ++steps) {
      const int classes = seed % 2 == 0 ? 3 : 4;
      const Symbols never = classes == 4 && seed % 4 == 1 ? Symbols{1} : Symbols{};
      const std::vector<double> values = drawn_scores(steps, classes, seed, false);
      const StepScores scores{values, classes};
      const std::map<Symbols, double> all = test::all_texts(scores, never);
      std::vector<std::pair<double, Symbols>> order;
      for (const auto& [text, probability] : all) order.emplace_back(-probability, text);
      std::ranges::sort(order);
      tasks::SpellingOptions options;
      options.beam = 4000;
      options.n_best = 4000;
      options.never = never;
      const std::vector<SpeltText> found = tasks::spell(scores, options);
      ASSERT_EQ(found.size(), order.size()) << "seed " << seed << " steps " << steps;
      for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_EQ(found[i].symbols, order[i].second) << "seed " << seed << " place " << i;
        EXPECT_NEAR(found[i].log_probability, std::log(-order[i].first), 1e-11);
      }
    }
  }
}

// A narrow one too finds what greedy does not: a text whose many paths are likelier together.
TEST(Spelling, PrefixSearchAddsThePathsOfAText) {
  const std::vector<double> share = {0.4, 0.6, 0.4, 0.6};  // of a and the blank, two steps
  std::vector<double> values;
  for (const double value : share) values.push_back(exact::log(value));
  const StepScores scores{values, 2};
  EXPECT_EQ(tasks::spell(scores, {}).front().symbols, Symbols{});
  EXPECT_NEAR(tasks::spell(scores, {}).front().log_probability, std::log(0.36), 1e-12);
  const SpeltText best = tasks::spell(scores, {.beam = 2}).front();
  EXPECT_EQ(best.symbols, Symbols{0});
  EXPECT_NEAR(best.log_probability, std::log(0.64), 1e-12);
}

// A text that was dropped and comes back is one text all the same.
TEST(Spelling, NoTextIsAnsweredTwice) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<double> values = drawn_scores(9, 4, seed, seed % 2 == 0);
    for (const std::int64_t beam : {2, 3, 5}) {
      std::vector<Symbols> texts;
      for (const SpeltText& text :
           tasks::spell({values, 4}, {.beam = beam, .n_best = beam, .never = {}})) {
        texts.push_back(text.symbols);
      }
      std::ranges::sort(texts);
      EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end()) << seed;
      EXPECT_EQ(static_cast<std::int64_t>(texts.size()), beam);
    }
  }
}

TEST(Spelling, OfEquallyLikelyOnesTheLowerClassIsSaid) {
  const std::vector<double> values(5 * 4, exact::log(0.25));
  EXPECT_EQ(tasks::spell({values, 4}, {}).front().symbols, Symbols{0});
  EXPECT_EQ(tasks::spell({values, 4}, {.beam = 1, .n_best = 1, .never = {0}}).front().symbols,
            Symbols{1});
  // One step: all texts of one symbol, and none, are equally likely.
  const StepScores one{std::span(values).first(4), 4};
  std::vector<Symbols> texts;
  for (const SpeltText& text : tasks::spell(one, {.beam = 3, .n_best = 3, .never = {}})) {
    texts.push_back(text.symbols);
  }
  EXPECT_EQ(texts, (std::vector<Symbols>{{}, {0}, {1}}));
}

// Of equally likely paths the one that, seen from the end, stays as long as it can.
TEST(Spelling, OfEquallyLikelyPathsTheOneThatStaysIsTaken) {
  const std::vector<double> values(5 * 4, exact::log(0.25));
  const std::vector<SpeltSymbol> said = tasks::align({values, 4}, Symbols{0, 1});
  ASSERT_EQ(said.size(), 2U);
  for (std::int64_t i = 0; i < 2; ++i) {
    EXPECT_EQ(said[static_cast<std::size_t>(i)].first, i);
    EXPECT_EQ(said[static_cast<std::size_t>(i)].last, i);
  }
}

TEST(Spelling, GreedyTakesRepeatsApartAtBlanks) {
  const Symbols path = {2, 2, 3, 2, 0, 0, 3, 3, 1};
  std::vector<double> values;
  for (const std::int32_t best : path) {
    for (std::int32_t c = 0; c < 4; ++c) values.push_back(exact::log(c == best ? 0.7 : 0.1));
  }
  const StepScores scores{values, 4};
  const Symbols text = {2, 2, 0, 1};
  EXPECT_EQ(tasks::spell(scores, {}).front().symbols, text);
  const std::vector<SpeltSymbol> said = tasks::align(scores, text);
  ASSERT_EQ(said.size(), 4U);
  const std::pair<int, int> expected[] = {{0, 1}, {3, 3}, {4, 5}, {8, 8}};
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(said[i].symbol, text[i]);
    EXPECT_EQ(said[i].first, expected[i].first);
    EXPECT_EQ(said[i].last, expected[i].second);
    EXPECT_NEAR(said[i].confidence, 0.7, 1e-12);
  }
}

TEST(Spelling, AlignsByTheLikeliestPath) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const std::vector<double> values = drawn_scores(6, 3, seed, false);
    const StepScores scores{values, 3};
    for (const Symbols& text : {Symbols{}, Symbols{1}, Symbols{0, 0}, Symbols{1, 0, 1},
                                Symbols{0, 1, 1, 0}, Symbols{1, 1, 1}}) {
      double most = -std::numeric_limits<double>::infinity();
      Symbols best;
      for_each_path(scores, {}, [&](const Symbols& path, double log_probability) {
        if (spelt(path, 2) != text || log_probability <= most) return;
        most = log_probability;
        best = path;
      });
      Symbols path(6, 2);
      for (const SpeltSymbol& symbol : tasks::align(scores, text)) {
        for (std::int64_t t = symbol.first; t <= symbol.last; ++t) {
          path[static_cast<std::size_t>(t)] = symbol.symbol;
        }
      }
      EXPECT_EQ(path, best) << fmt::format("seed {}, text {}", seed, text);
    }
  }
}

TEST(Spelling, SaysNothingOfWhatIsNoNumber) {
  for (const double none :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    std::vector<double> values(6, -1.0);
    values[4] = none;
    for (const std::int64_t beam : {1, 4}) {
      const auto texts = tasks::spell({values, 3}, {.beam = beam, .n_best = beam, .never = {}});
      ASSERT_EQ(texts.size(), 1U);
      EXPECT_TRUE(texts.front().symbols.empty());
      EXPECT_TRUE(std::isnan(texts.front().log_probability));
    }
  }
}

}  // namespace
}  // namespace rondo
