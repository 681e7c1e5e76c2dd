#include "rondo/data/ngram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

using Tokens = std::vector<std::int32_t>;

NgramLoss loss_of(const NgramModel& model, const Tokens& tokens,
                  const std::vector<std::int64_t>& documents = {0}) {
  return model.evaluate(*make_memory_source(tokens, documents));
}

double probability(const NgramModel& model, const Tokens& tokens) {
  return std::exp(-loss_of(model, tokens).loss);
}

// Targets of 0 1 0 1 2 are 1 0 1 2: the first token is none.
TEST(Ngram, IsWittenBellByHand) {
  NgramModel model(3, 2);
  model.train(*make_memory_source({0, 1, 0, 1, 2}, {0}));
  const double p0 = (1 + 3 * (1.0 / 3)) / 7, p1 = (2 + 3 * (1.0 / 3)) / 7;
  EXPECT_NEAR(probability(model, {0, 1}), (2 + p1) / 3, 1e-12);
  EXPECT_NEAR(probability(model, {0, 0}), (0 + p0) / 3, 1e-12);
  EXPECT_NEAR(probability(model, {1, 0}), (1 + 2 * p0) / 4, 1e-12);
  EXPECT_NEAR(probability(model, {2, 1}), p1, 1e-12);  // nothing ever followed 2
}

TEST(Ngram, WithoutTrainingEveryTokenIsAsLikely) {
  const NgramModel model(8, 5);
  EXPECT_NEAR(probability(model, {1, 2, 3, 4, 5, 6, 7}), 1.0 / 8, 1e-12);
}

TEST(Ngram, ADocumentsFirstTokenIsNoTargetAndContextsStayInside) {
  NgramModel model(3, 2);
  model.train(*make_memory_source({0, 1, 2, 0, 1}, {0, 3}));
  const NgramLoss two = loss_of(model, {0, 1, 2, 0, 1}, {0, 3});
  const NgramLoss first = loss_of(model, {0, 1, 2});
  const NgramLoss second = loss_of(model, {0, 1});
  EXPECT_EQ(two.targets, 3);
  EXPECT_NEAR(two.loss * 3, first.loss * 2 + second.loss, 1e-12);
  EXPECT_EQ(loss_of(model, {1}).targets, 0);
  EXPECT_EQ(loss_of(model, {1}).loss, 0.0);
}

// The same formula over ordinary maps.
class PlainModel {
 public:
  PlainModel(int vocabulary, std::size_t order) : vocabulary_(vocabulary), order_(order) {}
  void train(const Tokens& tokens) {
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      for (std::size_t k = 0; k <= std::min(i, order_ - 1); ++k) {
        ++followers_[context(tokens, i, k)][tokens[i]];
      }
    }
  }
  double loss(const Tokens& tokens) const {
    double sum = 0.0;
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      double p = 1.0 / vocabulary_;
      for (std::size_t k = 0; k <= std::min(i, order_ - 1); ++k) {
        const auto found = followers_.find(context(tokens, i, k));
        if (found == followers_.end()) break;
        double n = 0.0, c = 0.0;
        for (const auto& [token, count] : found->second) {
          n += count;
          if (token == tokens[i]) c = count;
        }
        const auto d = static_cast<double>(found->second.size());
        p = (c + d * p) / (n + d);
      }
      sum -= std::log(p);
    }
    return sum / static_cast<double>(tokens.size() - 1);
  }

 private:
  static Tokens context(const Tokens& tokens, std::size_t i, std::size_t k) {
    const auto end = tokens.begin() + static_cast<std::ptrdiff_t>(i);
    return {end - static_cast<std::ptrdiff_t>(k), end};
  }
  int vocabulary_;
  std::size_t order_;
  std::map<Tokens, std::map<std::int32_t, int>> followers_;
};

// Long enough for the table to grow and for sources to be read in several pieces.
Tokens random_tokens(std::size_t count, std::uint64_t seed) {
  const RandomStream stream(seed, Purpose::test);
  Tokens tokens(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t fresh = stream.below(30, i);
    tokens[i] =
        static_cast<std::int32_t>(i >= 3 && fresh < 20 ? (tokens[i - 3] + fresh % 3) % 30 : fresh);
  }
  return tokens;
}

TEST(Ngram, AgreesWithThePlainFormulaAtEveryOrder) {
  const Tokens seen = random_tokens(70'000, 1), unseen = random_tokens(5'000, 2);
  for (const int order : {1, 2, 3, 5}) {
    NgramModel model(30, order);
    model.train(*make_memory_source(seen, {0}));
    PlainModel plain(30, static_cast<std::size_t>(order));
    plain.train(seen);
    EXPECT_NEAR(loss_of(model, unseen).loss, plain.loss(unseen), 1e-10) << "order " << order;
  }
}

TEST(Ngram, RefusesAnImpossibleOrder) {
  EXPECT_THROW(NgramModel(3, 0), InputError);
  EXPECT_THROW(NgramModel(3, 17), InputError);
  EXPECT_THROW(NgramModel(0, 5), InputError);
}

}  // namespace
}  // namespace rondo
