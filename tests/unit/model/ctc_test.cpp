// Lists of labels that steps spell: probabilities and occupancies against all paths one by one,
// gradients against central differences, the same bits alone and in company, and what cannot be.
#include "model/heads/ctc.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "central_differences.hpp"
#include "pair_window.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

using test::Pair;
using Labels = std::vector<std::int32_t>;

constexpr int symbols = 3;  // and the blank, the last class
constexpr std::int32_t blank = symbols;

// [step][class], each step's add up to 1.
std::vector<std::vector<double>> drawn_probabilities(int steps, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  std::vector<std::vector<double>> all;
  std::uint64_t drawn = 0;
  for (int t = 0; t < steps; ++t) {
    std::vector<double> step;
    double sum = 0;
    for (int c = 0; c <= symbols; ++c) {
      step.push_back(0.05 + static_cast<double>(random.below(1000, drawn++)) / 1000);
      sum += step.back();
    }
    for (double& probability : step) probability /= sum;
    all.push_back(std::move(step));
  }
  return all;
}

Labels spelt(const Labels& path) {
  Labels labels;
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) labels.push_back(path[t]);
  }
  return labels;
}

struct Counted {
  double probability = 0;
  std::vector<std::vector<double>> shares;  // [step][class]
};

// Path after path.
Counted count_paths(const std::vector<std::vector<double>>& probabilities, const Labels& labels) {
  const std::size_t steps = probabilities.size();
  Counted counted{0, std::vector(steps, std::vector<double>(symbols + 1, 0.0))};
  Labels path(steps, 0);
  for (;;) {
    if (spelt(path) == labels) {
      double probability = 1;
      for (std::size_t t = 0; t < steps; ++t) {
        probability *= probabilities[t][static_cast<std::size_t>(path[t])];
      }
      counted.probability += probability;
      for (std::size_t t = 0; t < steps; ++t) {
        counted.shares[t][static_cast<std::size_t>(path[t])] += probability;
      }
    }
    std::size_t t = 0;
    while (t < steps && ++path[t] > blank) path[t++] = 0;
    if (t == steps) break;
  }
  for (auto& step : counted.shares) {
    for (double& share : step) share /= counted.probability;
  }
  return counted;
}

std::vector<double> scores_of(const std::vector<std::vector<double>>& probabilities,
                              const Labels& labels) {
  std::vector<double> scores;
  for (const auto& step : probabilities) {
    scores.push_back(std::log(step[blank]));
    for (const std::int32_t label : labels) {
      scores.push_back(std::log(step[static_cast<std::size_t>(label)]));
    }
  }
  return scores;
}

void expect_as_path_after_path(int steps, const Labels& labels) {
  SCOPED_TRACE(fmt::format("{} steps, labels {}", steps, labels));
  const auto probabilities = drawn_probabilities(steps, 7 * labels.size() + 1);
  std::vector<double> scores = scores_of(probabilities, labels);
  const Counted counted = count_paths(probabilities, labels);
  const std::size_t positions = ctc::positions(labels.size());
  std::vector<double> forward(static_cast<std::size_t>(steps) * positions),
      room(ctc::room_for(labels.size()) + 2 * positions);
  const ctc::Lattice lattice{labels, steps, scores};
  const double found = ctc::log_probability(lattice, forward, room);
  EXPECT_NEAR(found, std::log(counted.probability), 1e-12);
  EXPECT_EQ(found, ctc::log_probability(lattice, room));
  ctc::occupancies(lattice, forward, found, room);
  for (std::size_t t = 0; t < probabilities.size(); ++t) {
    std::vector<double> shares(symbols + 1, 0.0);
    const double* const own = scores.data() + t * (labels.size() + 1);
    shares[blank] = own[0];
    for (std::size_t i = 0; i < labels.size(); ++i) {
      shares[static_cast<std::size_t>(labels[i])] += own[i + 1];
    }
    for (std::size_t c = 0; c < shares.size(); ++c) {
      EXPECT_NEAR(shares[c], counted.shares[t][c], 1e-12) << "step " << t << " class " << c;
    }
  }
}

TEST(Ctc, IsTheSumOverAllPaths) {
  const std::vector<Labels> lists = {{},        {0},       {2},       {0, 1},    {0, 0},
                                     {1, 1, 1}, {0, 1, 0}, {2, 2, 0}, {0, 1, 2}, {1, 0, 0, 1}};
  for (const Labels& labels : lists) {
    const auto least = std::max<std::int64_t>(1, steps_to_spell(labels));
    for (std::int64_t steps = least; steps <= 7; ++steps) {
      expect_as_path_after_path(static_cast<int>(steps), labels);
    }
  }
}

TEST(Ctc, NeedsAStepForEachLabelAndABlankBetweenEqualOnes) {
  EXPECT_EQ(steps_to_spell(Labels{}), 0);
  EXPECT_EQ(steps_to_spell(Labels{4}), 1);
  EXPECT_EQ(steps_to_spell(Labels{4, 5, 4}), 3);
  EXPECT_EQ(steps_to_spell(Labels{4, 4, 4, 5, 5}), 8);
}

// Improbable steps, and long lists: neither overflows nor loses itself.
TEST(Ctc, StaysFiniteWhereStepsAreImprobable) {
  constexpr int steps = 400;
  Labels labels;
  for (int i = 0; i < 150; ++i) labels.push_back(i % 7 == 0 ? 0 : i % 3);
  std::vector<double> scores(steps * (labels.size() + 1), -500.0);
  std::vector<double> forward(steps * ctc::positions(labels.size())),
      room(ctc::room_for(labels.size()));
  const ctc::Lattice lattice{labels, steps, scores};
  const double found = ctc::log_probability(lattice, forward, room);
  EXPECT_TRUE(std::isfinite(found));
  ctc::occupancies(lattice, forward, found, room);
  for (int t = 0; t < steps; ++t) {
    double sum = 0;
    for (std::size_t i = 0; i <= labels.size(); ++i) {
      sum += scores[static_cast<std::size_t>(t) * (labels.size() + 1) + i];
    }
    EXPECT_NEAR(sum, 1, 1e-9) << t;
  }
}

NetworkPlan plan_of(bool drops) {
  NetworkPlan plan(9);
  RecurrentShape layer;
  layer.hidden = 5;
  layer.bidirectional = true;
  Signal signal = plan.embedding(0, 5, 4);
  signal = plan.dropout(plan.recurrent(signal, layer), drops ? 0.3 : 0.0, true);
  plan.ctc(signal, 1, 6);
  return plan;
}

// The labels of a pair are a function of its sequence alone: of every third, two equal ones stand
// side by side. Its target's length is theirs and one more.
void teach(Window& window, const Pair& pair, const Labels& labels) {
  for (std::size_t step = 0; step <= labels.size(); ++step) {
    const auto at = static_cast<std::size_t>(
        (pair.target_first + static_cast<int>(step)) * window.lanes + pair.lane);
    window.axes[1].tokens[1][at] = step < labels.size() ? labels[step] : 1;
  }
}

Labels labels_of(const Pair& pair) {
  Labels labels;
  for (int i = 0; i + 1 < pair.target; ++i) {
    labels.push_back(pair.sequence % 3 == 0 && i == 1
                         ? labels.back()
                         : static_cast<std::int32_t>(2 + (pair.sequence + i * 3) % 4));
  }
  return labels;
}

Window window_of(int times, int target_times, int lanes, const std::vector<Pair>& pairs,
                 std::int64_t taught = -1) {
  Window window = test::pair_window(times, target_times, lanes, pairs, taught);
  for (const Pair& pair : pairs) {
    if (taught < 0 || taught == pair.sequence) teach(window, pair, labels_of(pair));
  }
  return window;
}

TEST(CtcLayer, HasTheGradientsOfCentralDifferences) {
  const std::vector<Pair> pairs = {{0, 0, 0, 0, 5, 4},
                                   {1, 0, 5, 4, 2, 3},
                                   {2, 1, 1, 1, 4, 1},
                                   {3, 1, 5, 2, 3, 3},
                                   {4, 0, 7, 7, 1, 2}};
  const Window window = window_of(9, 9, 2, pairs);
  PassShape pass{2, 9, true};
  pass.second_times = 9;
  for (const bool drops : {false, true}) {
    test::expect_central_differences(plan_of(drops), pass, window, 5, "ctc", 0.9);
  }
}

struct Outcome {
  std::vector<float> said;
  double loss = 0, weight = 0;
  Buffer<float> gradient;
  bool operator==(const Outcome&) const = default;
};

// Of the first pair; a longer window before leaves its activations behind.
Outcome outcome(const std::vector<Pair>& pairs, int threads = 1) {
  constexpr int times = 12, target_times = 9, lanes = 4;
  const NetworkPlan plan = plan_of(true);
  const ParameterLayout layout = plan.layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(plan, layout, {.seed = 4}, parameters);
  ThreadPool pool(threads, kernels::set_float_mode);
  BackwardListener nobody;
  const std::vector<TreeNode> roots = {{0, 0}};
  Outcome outcome{{}, 0, 0, Buffer<float>(plan.gradient_size())};
  float* buffers[] = {outcome.gradient.data()};
  const Window before =
      window_of(times + 2, target_times + 1, lanes,
                {{50, 0, 0, 0, times + 2, target_times}, {51, 3, 1, 2, times, 5}});
  const Window window = window_of(times, target_times, lanes, pairs, pairs[0].sequence);
  PassShape pass{lanes, times + 2, true};
  pass.second_times = target_times + 1;
  Network<float> network(plan, layout, parameters.data(), pass);
  network.pack(pool);
  for (const Window* each : {&before, &window}) {
    const WindowView view(*each, 0);
    network.forward(view, pool);
    for (int stage = network.stages() - 1; stage >= 0; --stage) {
      network.backward(stage, view, {lanes, 0, 1, roots, buffers}, pool, nobody);
    }
    network.carry(view);
  }
  network.finish_gradient(0, outcome.gradient, pool);
  pass.training = false;
  Network<float> evaluating(plan, layout, parameters.data(), pass);
  evaluating.pack(pool);
  const WindowView view(window, 0);
  evaluating.forward(WindowView(before, 0), pool);
  evaluating.forward(view, pool);
  const auto outputs = static_cast<std::size_t>(evaluating.outputs());
  const int last = pairs[0].first + pairs[0].source - 1;
  for (int t = pairs[0].first; t <= last; ++t) {
    outcome.said.resize(outcome.said.size() + outputs);
    evaluating.outputs(t, pairs[0].lane, std::span(outcome.said).last(outputs));
  }
  outcome.loss = evaluating.loss(last, pairs[0].lane);
  outcome.weight = evaluating.weight(view, last, pairs[0].lane);
  return outcome;
}

TEST(CtcLayer, SaysAndTeachesTheSameOfASequenceInCompany) {
  kernels::set_float_mode();
  const std::vector<Pair> company = {{3, 2, 3, 2, 6, 4},
                                     {8, 0, 0, 0, 12, 9},
                                     {6, 1, 2, 1, 4, 5},
                                     {5, 2, 0, 0, 3, 2},
                                     {7, 2, 9, 6, 2, 2}};
  const Outcome alone = outcome({{3, 0, 0, 0, 6, 4}});
  EXPECT_EQ(alone.weight, 1);
  EXPECT_TRUE(alone == outcome(company));
  EXPECT_TRUE(alone == outcome(company, 3));
  EXPECT_NE(alone.loss, outcome({{4, 0, 0, 0, 6, 4}}).loss);
}

// Whether a sequence's loss, of the labels, weighs anything, and what it is; the gradients of all
// parameters add up to `slope`.
struct Taught {
  double loss = 0, weight = 0, slope = 0;
};

Taught taught(int steps, const Labels& labels, bool is_given = true, float bias = 0) {
  const Pair pair{5, 0, 1, 0, steps, static_cast<int>(labels.size()) + 1};
  Window window = test::pair_window(steps + 2, pair.target + 1, 1, {pair}, 99);
  if (is_given) teach(window, pair, labels);
  const NetworkPlan plan = plan_of(false);
  const ParameterLayout layout = plan.layout();
  Buffer<float> parameters(layout.size()), gradient(plan.gradient_size());
  initialize<float>(plan, layout, {.seed = 4}, parameters);
  parameters[layout.segments().back().offset + 3] = bias;
  PassShape pass{1, steps + 2, true};
  pass.second_times = pair.target + 1;
  ThreadPool pool(1, kernels::set_float_mode);
  Network<float> network(plan, layout, parameters.data(), pass);
  network.pack(pool);
  const WindowView view(window, 0);
  network.forward(view, pool);
  Taught result;
  network.block_losses(view, 1, {&result.loss, 1}, {&result.weight, 1});
  float* buffers[] = {gradient.data()};
  const std::vector<TreeNode> roots = {{0, 0}};
  BackwardListener nobody;
  for (int stage = network.stages() - 1; stage >= 0; --stage) {
    network.backward(stage, view, {1, 0, 1, roots, buffers}, pool, nobody);
  }
  for (const float value : gradient) result.slope += std::abs(static_cast<double>(value));
  return result;
}

TEST(CtcLayer, WeighsNothingWhereStepsAreTooFewOrNoTargetIsGiven) {
  kernels::set_float_mode();
  const Labels repeated{3, 3, 4};
  for (const Taught& none :
       {taught(3, repeated), taught(1, {2, 3}), taught(6, {2, 3}, false), taught(6, {}, false)}) {
    EXPECT_EQ(none.weight, 0);
    EXPECT_EQ(none.loss, 0);
    EXPECT_EQ(none.slope, 0);
  }
  for (const Taught& some : {taught(4, repeated), taught(1, {2}), taught(1, {}), taught(6, {})}) {
    EXPECT_EQ(some.weight, 1);
    EXPECT_GT(some.loss, 0);
    EXPECT_TRUE(std::isfinite(some.loss));
    EXPECT_GT(some.slope, 0);
    EXPECT_TRUE(std::isfinite(some.slope));
  }
}

TEST(CtcLayer, SaysThatItIsNoNumberWhereAnOutputIsNone) {
  kernels::set_float_mode();
  for (const float bias :
       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN()}) {
    const Taught none = taught(5, {2, 3}, true, bias);
    EXPECT_TRUE(std::isnan(none.loss));
    EXPECT_FALSE(std::isfinite(none.slope));
  }
  // However sure an output is, the loss is finite.
  for (const float bias : {3e37F, -3e37F}) {
    EXPECT_TRUE(std::isfinite(taught(5, {2, 3}, true, bias).loss));
  }
}

}  // namespace
}  // namespace rondo
