// Time that grows shorter between layers: gradients, company, and what a plan says of it.
#include <gtest/gtest.h>

#include <vector>

#include "central_differences.hpp"
#include "pair_window.hpp"
#include "rondo/core/thinning.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

using test::Pair;

constexpr int symbols = 6, together = 4;  // steps, as one of the last layer's

// Three layers, each of half the steps of the one below it.
NetworkPlan plan_of(const std::string& cell, bool bidirectional, double dropped = 0,
                    bool locked = false, int hidden = 3) {
  NetworkPlan plan(9);
  const RecurrentShape layer{.cell = cell, .hidden = hidden, .bidirectional = bidirectional};
  Signal signal = plan.recurrent(plan.embedding(0, 5, 4), layer);
  for (int k = 1; k < 3; ++k) {
    signal = plan.recurrent(plan.dropout(plan.join_steps(signal, 2), dropped, locked), layer);
  }
  plan.ctc(plan.dropout(signal, dropped, locked), 1, symbols);
  return plan;
}

// Sources that begin at multiples of `together`; of symbols that are no function of the others.
Window window_of(int times, int target_times, int lanes, const std::vector<Pair>& pairs,
                 const Thinning& thinning, std::int64_t taught = -1) {
  Window window = test::pair_window(times, target_times, lanes, pairs, taught);
  add_thinned_axes(thinning, window);
  return window;
}

TEST(Pyramid, SaysHowTimeIsThinned) {
  const NetworkPlan plan = plan_of("lstm", true);
  EXPECT_EQ(plan.thinning(), (Thinning{2, 2}));
  const std::int64_t first = 2 * 4 * 3 * (4 + 3), other = 2 * 4 * 3 * (12 + 3);
  EXPECT_EQ(plan.weights_per_step(), first);
  EXPECT_EQ(plan.weights_per_step(2), other);
  EXPECT_EQ(plan.weights_per_step(3), other + 6 * (symbols + 1));
  EXPECT_DOUBLE_EQ(plan.training_flops_per_step(), 6 * (first + static_cast<double>(other) / 2 +
                                                        static_cast<double>(other + 42) / 4));
  EXPECT_EQ(plan.carried().size(), 2U);  // of the first layer, forward: h and c
}

TEST(Pyramid, HasTheGradientsOfCentralDifferences) {
  const std::vector<Pair> pairs = {
      {0, 0, 0, 0, 11, 3}, {1, 0, 12, 3, 4, 2}, {2, 1, 4, 1, 9, 2}, {3, 0, 16, 6, 1, 2}};
  PassShape pass{2, 17, true};
  pass.second_times = 9;
  for (const char* cell : {"lstm", "gru", "tanh"}) {
    for (const bool bidirectional : {false, true}) {
      const NetworkPlan plan = plan_of(cell, bidirectional, bidirectional ? 0.2 : 0, true);
      test::expect_central_differences(plan, pass, window_of(17, 9, 2, pairs, plan.thinning()), 4,
                                       cell, 0.9);
    }
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
  constexpr int times = 20, target_times = 9, lanes = 4;
  // Joined steps are wider than a panel, and begin inside of one.
  const NetworkPlan plan = plan_of("lstm", true, 0.3, true, 21);
  const ParameterLayout layout = plan.layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(plan, layout, {.seed = 4}, parameters);
  ThreadPool pool(threads, kernels::set_float_mode);
  BackwardListener nobody;
  const std::vector<TreeNode> roots = {{0, 0}};
  Outcome outcome{{}, 0, 0, Buffer<float>(plan.gradient_size())};
  float* buffers[] = {outcome.gradient.data()};
  const Window before =
      window_of(times + 3, target_times + 1, lanes,
                {{50, 0, 0, 0, times + 3, 5}, {51, 3, 4, 2, times - 2, 5}}, plan.thinning());
  const Window window =
      window_of(times, target_times, lanes, pairs, plan.thinning(), pairs[0].sequence);
  PassShape pass{lanes, times + 3, true};
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
  evaluating.forward(WindowView(before, 0), pool);
  const WindowView view(window, 0);
  evaluating.forward(view, pool);
  EXPECT_EQ(evaluating.head_axis(), 3);
  const auto outputs = static_cast<std::size_t>(evaluating.outputs());
  const int first = pairs[0].first / together;
  const int last = first + (pairs[0].source + together - 1) / together - 1;
  for (int t = first; t <= last; ++t) {
    outcome.said.resize(outcome.said.size() + outputs);
    evaluating.outputs(t, pairs[0].lane, std::span(outcome.said).last(outputs));
  }
  outcome.loss = evaluating.loss(last, pairs[0].lane);
  outcome.weight = evaluating.weight(view, last, pairs[0].lane);
  return outcome;
}

TEST(Pyramid, SaysAndTeachesTheSameOfASequenceInCompany) {
  kernels::set_float_mode();
  const std::vector<Pair> company = {{3, 2, 8, 3, 10, 3},
                                     {8, 0, 0, 0, 20, 5},
                                     {6, 1, 4, 1, 9, 2},
                                     {5, 2, 0, 0, 7, 2},
                                     {7, 3, 0, 0, 1, 2}};
  const Outcome alone = outcome({{3, 0, 0, 0, 10, 3}});
  EXPECT_EQ(alone.weight, 1);
  EXPECT_TRUE(alone == outcome(company));
  EXPECT_TRUE(alone == outcome(company, 3));
  EXPECT_NE(alone.loss, outcome({{4, 0, 0, 0, 10, 3}}).loss);
}

// Steps are enough for a target or not as the last layer has them.
TEST(Pyramid, WeighsNothingWhereThinnedStepsAreTooFew) {
  kernels::set_float_mode();
  EXPECT_EQ(outcome({{3, 0, 0, 0, 5, 3}}).weight, 1);
  EXPECT_EQ(outcome({{3, 0, 0, 0, 4, 3}}).weight, 0);
}

}  // namespace
}  // namespace rondo
