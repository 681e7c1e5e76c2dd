#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "made_up_scorer.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "tasks/decoding/opinions.hpp"

namespace rondo {
namespace {

using Answers = std::vector<std::vector<Hypothesis>>;

constexpr std::int32_t end = 0;

Answers decoded(std::vector<MadeUpScorer> models, const std::vector<DecodeSource>& sources,
                const DecodeOptions& options, int threads = 1) {
  std::vector<StepScorer*> voters;
  for (MadeUpScorer& model : models) voters.push_back(&model);
  kernels::select_target("auto");
  ThreadPool pool(threads);
  return decode(voters, sources, options, pool);
}

// Of one source.
std::vector<Hypothesis> answers_of(const std::vector<MadeUpScorer>& models,
                                   const DecodeSource& source, const DecodeOptions& options) {
  return decoded(models, {source}, options).front();
}

std::vector<Text> texts_of(const std::vector<Hypothesis>& hypotheses) {
  std::vector<Text> texts;
  for (const Hypothesis& hypothesis : hypotheses) texts.push_back(hypothesis.symbols);
  return texts;
}

void expect_same(const std::vector<Hypothesis>& a, const std::vector<Hypothesis>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].symbols, b[i].symbols) << i;
    EXPECT_EQ(a[i].log_probability, b[i].log_probability) << i;
    EXPECT_EQ(a[i].score, b[i].score) << i;
    EXPECT_EQ(a[i].attention, b[i].attention) << i;
  }
}

void log_softmax(std::vector<double>& logits) {
  std::vector<double> room;
  tasks::log_softmax(logits, logits, room);
}

// Plain code that does what DecodeOptions says, a source by itself.
class Plain {
 public:
  Plain(const MadeUpScorer& model, const DecodeSource& source, const DecodeOptions& options)
      : model_(model), source_(source), options_(options) {}

  // All texts that there are.
  std::vector<Hypothesis> all() const {
    std::vector<Hypothesis> found;
    visit({}, found);
    return best(found);
  }

  std::vector<Hypothesis> beam() const {
    struct Entry {
      Hypothesis text;
      std::int32_t symbol = 0;
      std::size_t parent = 0;
    };
    std::vector<Hypothesis> live(1), ended;
    while (!live.empty()) {
      std::vector<Entry> entries;
      for (std::size_t parent = 0; parent < live.size(); ++parent) {
        for (const auto& [symbol, log_probability] : next(live[parent].symbols)) {
          Entry entry{live[parent], symbol, parent};
          entry.text.log_probability += log_probability;
          entries.push_back(entry);
        }
      }
      std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        if (a.text.log_probability != b.text.log_probability) {
          return a.text.log_probability > b.text.log_probability;
        }
        return a.symbol != b.symbol ? a.symbol < b.symbol : a.parent < b.parent;
      });
      const std::size_t places = static_cast<std::size_t>(options_.beam) - ended.size();
      if (entries.size() > places) entries.resize(places);
      live.clear();
      for (Entry& entry : entries) {
        if (entry.symbol == end) {
          ended.push_back(scored(entry.text));
        } else {
          entry.text.symbols.push_back(entry.symbol);
          live.push_back(entry.text);
        }
      }
    }
    return best(ended);
  }

 private:
  // What may come, and its log probability.
  std::vector<std::pair<std::int32_t, double>> next(const Text& said) const {
    std::vector<double> known = model_.next(source_.number, said);
    log_softmax(known);
    std::vector<std::pair<std::int32_t, double>> list;
    const auto length = static_cast<std::int64_t>(said.size());
    for (std::int32_t symbol = 0; symbol < model_.symbols(); ++symbol) {
      if (symbol == end ? length < source_.shortest : length >= source_.longest) continue;
      if (std::ranges::count(options_.never, symbol) > 0) continue;
      list.emplace_back(symbol, known[static_cast<std::size_t>(symbol)]);
    }
    return list;
  }
  Hypothesis scored(Hypothesis text) const {
    const auto length = static_cast<double>(text.symbols.size() + 1);
    text.score = text.log_probability / exact::exp(options_.length_penalty * exact::log(length));
    return text;
  }
  std::vector<Hypothesis> best(std::vector<Hypothesis> texts) const {
    std::stable_sort(texts.begin(), texts.end(),
                     [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; });
    texts.resize(std::min(texts.size(), static_cast<std::size_t>(options_.n_best)));
    return texts;
  }
  void visit(const Hypothesis& text, std::vector<Hypothesis>& found) const {
    for (const auto& [symbol, log_probability] : next(text.symbols)) {
      Hypothesis longer = text;
      longer.log_probability += log_probability;
      if (symbol == end) {
        found.push_back(scored(longer));
      } else {
        longer.symbols.push_back(symbol);
        visit(longer, found);
      }
    }
  }

  const MadeUpScorer& model_;
  const DecodeSource& source_;
  const DecodeOptions& options_;
};

TEST(Decode, AWideBeamFindsTheBestOfAllTexts) {
  DecodeOptions options;
  options.beam = 1000;  // there are 1 + 3 + 9 + 27 + 81 texts
  options.n_best = 20;
  for (const double penalty : {0.0, 0.7, 1.0, 2.0}) {
    options.length_penalty = penalty;
    for (std::int64_t number = 0; number < 5; ++number) {
      const MadeUpScorer model(4, 7, 0, {number});
      const DecodeSource source{number, 0, 4};
      expect_same(answers_of({model}, source, options), Plain(model, source, options).all());
    }
  }
}

TEST(Decode, ANarrowBeamIsThePlainOne) {
  DecodeOptions options;
  options.never = {2};
  for (const int levels : {0, 2, 1}) {  // as many equals as there can be
    for (const std::int64_t beam : {1, 2, 3, 5, 17}) {
      options.beam = beam;
      options.n_best = std::max<std::int64_t>(1, beam / 2);
      for (const double penalty : {0.0, 0.6, 1.0}) {
        options.length_penalty = penalty;
        for (std::int64_t number = 0; number < 20; ++number) {
          const MadeUpScorer model(6, 3, levels, {number});
          const DecodeSource source{number, number % 3, 3 + number % 5};
          expect_same(answers_of({model}, source, options), Plain(model, source, options).beam());
        }
      }
    }
  }
}

TEST(Decode, EqualTextsGoByTheirSymbols) {
  DecodeOptions options;
  options.beam = options.n_best = 4;
  // All symbols are equally likely: the end, the lowest, comes first.
  const auto answers = answers_of({MadeUpScorer(3, 1, 1, {0})}, {0, 0, 3}, options);
  EXPECT_EQ(texts_of(answers), (std::vector<Text>{{}, {1}, {2}, {1, 1}}));
}

TEST(Decode, ATextIsTheSameInAnyCompanyAndForAnyThreads) {
  std::vector<std::int64_t> numbers;
  std::vector<DecodeSource> sources;
  for (std::int64_t i = 0; i < 12; ++i) {
    numbers.push_back(i);
    sources.push_back({i, 0, 2 + i});
  }
  for (const bool draws : {false, true}) {
    DecodeOptions options;
    options.beam = 3;
    options.n_best = 3;
    options.draws = draws;
    options.attention = true;
    const auto models = [](const std::vector<std::int64_t>& of) {
      return std::vector{MadeUpScorer(9, 5, 0, of), MadeUpScorer(9, 6, 3, of)};
    };
    const Answers together = decoded(models(numbers), sources, options);
    const Answers by_three = decoded(models(numbers), sources, options, 3);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      expect_same(together[i], by_three[i]);
      expect_same(together[i], answers_of(models({numbers[i]}), sources[i], options));
    }
  }
}

TEST(Decode, LengthsAreKept) {
  for (const bool draws : {false, true}) {
    DecodeOptions options;
    options.beam = options.n_best = 4;
    options.draws = draws;
    for (std::int64_t number = 0; number < 20; ++number) {
      for (const Hypothesis& text :
           answers_of({MadeUpScorer(4, 1, 0, {number})}, {number, 2, 3}, options)) {
        EXPECT_GE(text.symbols.size(), 2U);
        EXPECT_LE(text.symbols.size(), 3U);
      }
      const DecodeSource nothing{number, 0, 0};
      EXPECT_EQ(answers_of({MadeUpScorer(4, 1, 0, {number})}, nothing, options).front().symbols,
                Text());
    }
  }
}

TEST(Decode, TellsWhatWasLookedAt) {
  DecodeOptions options;
  options.beam = 3;
  options.attention = true;
  const auto answers = decoded({MadeUpScorer(5, 2, 0, {8, 9})}, {{8, 3, 6}, {9, 3, 6}}, options);
  for (std::size_t i = 0; i < 2; ++i) {
    const Hypothesis& text = answers[i].front();
    ASSERT_EQ(text.attention.size(), text.symbols.size() + 1);  // and the end's
    for (std::size_t t = 0; t < text.attention.size(); ++t) {
      EXPECT_EQ(text.attention[t],
                (std::vector<float>{static_cast<float>(t + 1), static_cast<float>(8 + i)}));
    }
  }
}

TEST(Decode, DrawsByTheProbabilities) {
  DecodeOptions options;
  options.draws = true;
  options.n_best = 4000;
  const MadeUpScorer model(4, 11, 0, {5});
  std::vector<double> known = model.next(5, {});
  log_softmax(known);
  std::vector<double> shares(4);
  for (const Hypothesis& text : answers_of({model}, {5, 0, 1}, options)) {
    shares[text.symbols.empty() ? 0 : static_cast<std::size_t>(text.symbols[0])] += 1.0 / 4000;
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(shares[i], std::exp(known[i]), 0.03) << i;

  options.n_best = 5;
  const DecodeSource source{5, 0, 8};
  const auto five = answers_of({model}, source, options);
  const std::vector<Text> texts = texts_of(five);
  EXPECT_GT(std::set<Text>(texts.begin(), texts.end()).size(), 1U);
  options.n_best = 2;  // the first ones stay
  expect_same(answers_of({model}, source, options), {five[0], five[1]});
  options.seed = 2;
  EXPECT_NE(texts_of(answers_of({model}, source, options)), texts_of({five[0], five[1]}));
  options.draw.temperature = 0;
  EXPECT_EQ(answers_of({model}, source, options)[1].symbols,
            answers_of({model}, source, {})[0].symbols);
}

TEST(Decode, VotersMeanTheirProbabilities) {
  const MadeUpScorer one(3, 1, 0, {0}), other(3, 2, 0, {0});
  DecodeOptions options;
  options.beam = options.n_best = 3;
  for (const Hypothesis& text : answers_of({one, other}, {0, 0, 1}, options)) {
    double expected = 0;
    Text said;
    Text whole = text.symbols;
    whole.push_back(end);
    for (const std::int32_t symbol : whole) {
      std::vector<double> a = one.next(0, said), b = other.next(0, said);
      log_softmax(a);
      log_softmax(b);
      const auto at = static_cast<std::size_t>(symbol);
      expected += std::log((std::exp(a[at]) + std::exp(b[at])) / 2);
      said.push_back(symbol);
    }
    EXPECT_NEAR(text.log_probability, expected, 1e-14);
  }
}

// One that ended early and cannot be overtaken ends the search.
TEST(Decode, DoesNotGoOnWithoutNeed) {
  DecodeOptions options;
  options.beam = 8;
  options.length_penalty = 0;
  MadeUpScorer model(6, 4, 0, {0});
  StepScorer* voter = &model;
  ThreadPool pool(1);
  decode({&voter, 1}, std::vector<DecodeSource>{{0, 0, 400}}, options, pool);
  EXPECT_LT(model.lane_steps, 200U);
}

TEST(Decode, RefusesWhatCannotBe) {
  DecodeOptions options;
  options.n_best = 2;
  EXPECT_THROW(decoded({MadeUpScorer(3, 1, 0, {0})}, {{0, 0, 4}}, options), InputError);
  options.beam = 2;
  EXPECT_THROW(decoded({MadeUpScorer(3, 1, 0, {0})}, {{0, 5, 4}}, options), InputError);
  options.length_penalty = -1;
  EXPECT_THROW(decoded({MadeUpScorer(3, 1, 0, {0})}, {{0, 0, 4}}, options), InputError);
}

TEST(Decode, NothingIsPossibleToWhoSaysNoNumber) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity}) {
    std::vector<double> spoilt{1, value, 2};
    log_softmax(spoilt);
    EXPECT_EQ(spoilt, std::vector<double>(3, -infinity));
  }
}

}  // namespace
}  // namespace rondo
