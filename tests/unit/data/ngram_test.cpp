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

// Bigrams of 0 1 0 1 2 0: 01 and 10 once or twice, 12, 20 once; all discounts are 1/2, 1, 3/2.
// Different tokens before 0: 1, 2; before 1: 0; before 2: 1.
TEST(KneserNey, IsChenAndGoodmansByHand) {
  NgramModel model(4, 2, Smoothing::kneser_ney);
  model.train(*make_memory_source({0, 1, 0, 1, 2, 0}, {0}));
  // Unigrams: counts 2, 1, 1 of 4, discounts 1, 1/2, 1/2; the rest is shared by all four tokens.
  const double rest = 2.0 / 4 / 4;
  const double p0 = 1.0 / 4 + rest, p1 = 0.5 / 4 + rest, p2 = p1, p3 = rest;
  EXPECT_NEAR(p0 + p1 + p2 + p3, 1, 1e-15);
  EXPECT_NEAR(probability(model, {0, 1}), (2 - 1.0) / 2 + 1.0 / 2 * p1, 1e-12);
  EXPECT_NEAR(probability(model, {0, 3}), 1.0 / 2 * p3, 1e-12);
  EXPECT_NEAR(probability(model, {1, 2}), 0.5 / 2 + 1.0 / 2 * p2, 1e-12);
  EXPECT_NEAR(probability(model, {2, 0}), 0.5 / 1 + 0.5 / 1 * p0, 1e-12);
  EXPECT_NEAR(probability(model, {3, 0}), p0, 1e-12);  // nothing ever followed 3
}

// The same formulas over ordinary maps.
class PlainKneserNey {
 public:
  PlainKneserNey(int vocabulary, std::size_t order, const Tokens& tokens)
      : vocabulary_(vocabulary), order_(order), grams_(order + 1) {
    std::vector<std::set<Tokens>> seen(order + 2);
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      for (std::size_t length = 1; length <= std::min(i + 1, order); ++length) {
        const Tokens gram = before(tokens, i + 1, length);
        if (length == order) ++grams_[length][gram];
        const bool is_new = seen[length].insert(gram).second;
        if (is_new && length > 1) ++grams_[length - 1][Tokens(gram.begin() + 1, gram.end())];
      }
    }
    for (std::size_t length = 1; length <= order; ++length) {
      std::map<int, double> n;
      for (const auto& [gram, count] : grams_[length]) ++n[count];
      const double y = n[1] / (n[1] + 2 * n[2]);
      std::vector<double> discounts{0};
      bool usable = n[1] > 0 && n[2] > 0 && n[3] > 0 && n[4] > 0;
      for (int k = 1; k <= 3 && usable; ++k) {
        discounts.push_back(k - (k + 1) * y * n[k + 1] / n[k]);
        usable = discounts.back() >= 0 && discounts.back() <= k;
      }
      discounts_.push_back(usable ? discounts : std::vector<double>{0, 0.5, 1, 1.5});
    }
  }
  double loss(const Tokens& tokens) const {
    double sum = 0.0;
    for (std::size_t i = 1; i < tokens.size(); ++i) sum -= std::log(probability(tokens, i));
    return sum / static_cast<double>(tokens.size() - 1);
  }

 private:
  static Tokens before(const Tokens& tokens, std::size_t end, std::size_t length) {
    const auto last = tokens.begin() + static_cast<std::ptrdiff_t>(end);
    return {last - static_cast<std::ptrdiff_t>(length), last};
  }
  double probability(const Tokens& tokens, std::size_t i) const {
    double p = 1.0 / vocabulary_;
    for (std::size_t length = 1; length <= std::min(i + 1, order_); ++length) {
      const Tokens context = before(tokens, i, length - 1);
      const std::vector<double>& discounts = discounts_[length - 1];
      double total = 0.0, mass = 0.0, seen = 0.0;
      for (const auto& [gram, count] : grams_[length]) {
        if (!std::equal(context.begin(), context.end(), gram.begin())) continue;
        const double discount = discounts[static_cast<std::size_t>(std::min(count, 3))];
        total += count;
        mass += discount;
        if (gram.back() == tokens[i]) seen = count - discount;
      }
      if (total > 0) p = (seen + mass * p) / total;
    }
    return p;
  }
  int vocabulary_;
  std::size_t order_;
  std::vector<std::map<Tokens, int>> grams_;  // by length
  std::vector<std::vector<double>> discounts_;
};

TEST(KneserNey, AgreesWithThePlainFormulaAtEveryOrder) {
  const Tokens seen = random_tokens(3'000, 1), unseen = random_tokens(300, 2);
  for (const int order : {1, 2, 3, 5}) {
    NgramModel model(30, order, Smoothing::kneser_ney);
    model.train(*make_memory_source(seen, {0}));
    const PlainKneserNey plain(30, static_cast<std::size_t>(order), seen);
    EXPECT_NEAR(loss_of(model, unseen).loss, plain.loss(unseen), 1e-10) << "order " << order;
  }
}

TEST(KneserNey, ProbabilitiesAddUpToOne) {
  NgramModel model(30, 3, Smoothing::kneser_ney);
  const Tokens seen = random_tokens(3'000, 1);
  model.train(*make_memory_source(seen, {0, 100, 101, 2000}));
  double total = 0.0;
  for (std::int32_t token = 0; token < 30; ++token) {
    const double pair = loss_of(model, {seen[7], seen[8]}).loss;
    total += std::exp(pair - 2 * loss_of(model, {seen[7], seen[8], token}).loss);
  }
  EXPECT_NEAR(total, 1.0, 1e-12);
}

TEST(KneserNey, WithoutTrainingEveryTokenIsAsLikely) {
  const NgramModel model(8, 3, Smoothing::kneser_ney);
  EXPECT_NEAR(probability(model, {1, 2, 3}), 1.0 / 8, 1e-12);
}

TEST(Ngram, RefusesAnImpossibleOrder) {
  EXPECT_THROW(NgramModel(3, 0), InputError);
  EXPECT_THROW(NgramModel(3, 17), InputError);
  EXPECT_THROW(NgramModel(0, 5), InputError);
}

}  // namespace
}  // namespace rondo
