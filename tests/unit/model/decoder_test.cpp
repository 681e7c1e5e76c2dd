// Encoder and decoder: what a pair says and teaches has the same bits alone and in company, step by
// step as in one go, and the gradients of bridge, attention and feeding are right.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "central_differences.hpp"
#include "decoder_plan.hpp"
#include "pair_window.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/network.hpp"
#include "test_name.hpp"
#include "two_windows.hpp"

namespace rondo {
namespace {

using test::DecoderPlan;
using test::Pair;
using test::pair_window;

struct Outcome {
  std::vector<float> said;  // at the target's steps
  std::vector<float> weights;
  Buffer<float> gradient;
  bool operator==(const Outcome&) const = default;
};

// Of the first pair; a longer window before leaves its states and activations behind.
Outcome outcome(const NetworkPlan& plan, const std::vector<Pair>& pairs, int threads = 1) {
  constexpr int times = 9, target_times = 8, lanes = 4;
  const Window before =
      pair_window(times + 2, target_times + 1, lanes,
                  {{50, 0, 0, 0, times + 2, target_times}, {51, 3, 1, 2, times, 5}}, -1);
  const Window window = pair_window(times, target_times, lanes, pairs, pairs[0].sequence);
  Outcome outcome;
  outcome.gradient =
      test::train_and_ask(plan, before, window, threads, [&](const Network<float>& network) {
        const auto outputs = static_cast<std::size_t>(network.outputs());
        for (int step = 0; step < pairs[0].target; ++step) {
          const int t = pairs[0].target_first + step;
          outcome.said.resize(outcome.said.size() + outputs);
          network.outputs(t, pairs[0].lane, std::span(outcome.said).last(outputs));
          const std::span<const float> weights = network.attention(t, pairs[0].lane);
          outcome.weights.insert(outcome.weights.end(), weights.begin(), weights.end());
        }
      });
  return outcome;
}

const std::vector<Pair> company = {{3, 2, 3, 2, 4, 3},
                                   {8, 0, 0, 0, 9, 8},
                                   {6, 1, 2, 1, 4, 5},
                                   {5, 2, 0, 0, 3, 2},
                                   {7, 2, 8, 6, 1, 2}};

class Decoder : public testing::TestWithParam<std::string> {};

TEST_P(Decoder, SaysAndTeachesTheSameOfAPairInCompany) {
  kernels::set_float_mode();
  for (const AttentionKind attention : test::attentions) {
    for (const bool feeding : {false, true}) {
      if (feeding && attention == AttentionKind::none) continue;
      for (const bool drops : {false, true}) {
        SCOPED_TRACE(testing::Message() << "attention " << static_cast<int>(attention)
                                        << " feeding " << feeding << " drops " << drops);
        const NetworkPlan plan = test::plan_of({.cell = GetParam(),
                                                .attention = attention,
                                                .feeding = feeding,
                                                .drops = drops,
                                                .layers = drops ? 2 : 1,
                                                .tied = feeding,
                                                .shared = drops});
        const Outcome alone = outcome(plan, {{3, 0, 0, 0, 4, 3}});
        EXPECT_TRUE(alone == outcome(plan, company));
        EXPECT_TRUE(alone == outcome(plan, company, 3));
        EXPECT_NE(alone.said, outcome(plan, {{4, 0, 0, 0, 4, 3}}).said);
        EXPECT_EQ(alone.weights.size(), attention == AttentionKind::none ? 0U : 12U);
      }
    }
  }
}

Window small_window() {
  return pair_window(6, 5, 2, {{0, 0, 0, 0, 3, 2}, {1, 0, 3, 2, 2, 3}, {2, 1, 1, 1, 4, 3}});
}
constexpr double small_weight = 8;  // target symbols

void expect_gradients(const DecoderPlan& shape) {
  PassShape pass{2, 6, true};
  pass.second_times = 5;
  test::expect_central_differences(test::plan_of(shape), pass, small_window(), small_weight,
                                   test::name_of(shape), 0.9);
}

TEST_P(Decoder, HasTheGradientsOfCentralDifferences) {
  for (const bool feeding : {false, true}) {
    expect_gradients(
        {.cell = GetParam(), .feeding = feeding, .drops = feeding, .layers = 2, .hidden = 4});
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Decoder, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

TEST(DecoderGradients, OfEachAttentionAgreeWithCentralDifferences) {
  for (const AttentionKind attention : test::attentions) {
    for (const bool feeding : {false, true}) {
      if (feeding && attention == AttentionKind::none) continue;
      expect_gradients({.attention = attention, .feeding = feeding, .hidden = 4});
      expect_gradients({.attention = attention,
                        .feeding = feeding,
                        .drops = true,
                        .hidden = 4,
                        .tied = true,
                        .shared = feeding});
    }
  }
}

}  // namespace
}  // namespace rondo
