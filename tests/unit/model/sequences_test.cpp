// Whole sequences in packed windows: what a sequence says, and what it teaches, has the same bits
// alone and in company; and the gradients of what only they have are right.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "central_differences.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "test_name.hpp"

namespace rondo {
namespace {

constexpr int symbols = 7, width = 3, classes = 4, labels = 70, words = words_of_labels(labels);
constexpr int said = 3;  // numbers
constexpr Pooling poolings[] = {Pooling::last, Pooling::mean, Pooling::maximum, Pooling::attention};

const std::vector<double> class_weights{1, 2, 0.5, 1};

// A sequence's own data are a function of its number.
std::int32_t token_of(std::int32_t sequence, std::int32_t step) {
  return (sequence * 5 + step * 3 + 1) % symbols;
}
float number_of(std::int32_t sequence, std::int32_t step, int i) {
  return 0.25F * static_cast<float>((sequence * 7 + step * 5 + i * 3) % 11) - 1.2F;
}

// A window of these spans; only `taught` has a target (-1: all have).
Window window_of(int times, int lanes, const std::vector<Span>& spans, std::int32_t taught) {
  const auto rows = static_cast<std::size_t>(times) * static_cast<std::size_t>(lanes);
  Window window = make_window(
      times, lanes, std::vector<std::uint8_t>(rows, 1),
      {std::vector<std::int32_t>(rows, 0), std::vector<std::int32_t>(rows, -1),
       std::vector<std::int32_t>(rows * words, -1), std::vector<std::int32_t>(rows, -1)});
  window.epoch = 3;
  WindowAxis& axis = window.axes[0];
  axis.reals = {std::vector<float>(rows * width, 0.0F),
                std::vector<float>(rows * said, std::numeric_limits<float>::quiet_NaN())};
  axis.owners.resize(rows);
  axis.spans = spans;
  axis.begins.assign(static_cast<std::size_t>(lanes) + 1, 0);
  for (const Span& span : spans) {
    const auto sequence = static_cast<std::int32_t>(span.sequence);
    ++axis.begins[static_cast<std::size_t>(span.lane) + 1];
    for (std::int32_t step = 0; step < span.length; ++step) {
      const auto at = static_cast<std::size_t>((span.first + step) * lanes + span.lane);
      const std::int32_t own_step = span.step + step;
      axis.resets[at] = own_step == 0;
      axis.owners[at] = {sequence, own_step};
      axis.tokens[0][at] = token_of(sequence, own_step);
      for (int i = 0; i < width; ++i) {
        axis.reals[0][at * width + static_cast<std::size_t>(i)] = number_of(sequence, own_step, i);
      }
      const bool teaches = taught < 0 || taught == sequence;
      for (int i = 0; teaches && i < said; ++i) {
        if ((sequence + own_step + i) % 3 == 0) continue;
        axis.reals[1][at * said + static_cast<std::size_t>(i)] = number_of(own_step, sequence, i);
      }
      if (teaches && (sequence + own_step) % 3 != 2) {
        axis.tokens[3][at] = (sequence + 2 * own_step) % classes;
      }
      const bool has_target = span.ends && teaches;
      if (step + 1 < span.length || !has_target) continue;
      axis.tokens[1][at] = sequence % classes;
      const auto own = std::span(axis.tokens[2]).subspan(at * words, words);
      std::ranges::fill(own, 0);
      for (int label = 0; label < labels; ++label) {
        if ((label * 5 + sequence) % 4 == 0) set_label(own, label);
      }
    }
  }
  std::partial_sum(axis.begins.begin(), axis.begins.end(), axis.begins.begin());
  return window;
}

enum class Says : std::uint8_t { classes, labels, steps, numbers };

struct Kind {
  Says says = Says::classes;
  kernels::NumberLoss loss = {};
  bool both = false;    // directions
  bool locked = false;  // masks
};

NetworkPlan plan_of(const std::string& cell, Pooling pooling, bool drops, const Kind& kind = {}) {
  NetworkPlan plan(9);
  NetworkSettings stack;
  stack.cell = cell;
  stack.layers = 2;
  stack.hidden = 6;
  stack.projection = usual_projection(cell, 6);
  stack.bidirectional = kind.both;
  if (drops) {
    stack.dropout_input = stack.dropout = stack.dropout_output = 0.3;
    stack.dropout_locked = kind.locked || pooling == Pooling::mean;
    stack.zoneout = 0.2;
  }
  const Signal letters = plan.embedding(0, symbols, 5, drops ? 0.2 : 0);
  const Signal inputs = plan.side_by_side({letters, plan.numbers(0, width)});
  const Signal top = add_stack(plan, inputs, stack, 1);
  const Signal read = plan.pool(top, pooling);
  if (kind.says == Says::numbers) {
    plan.regression(read, 1, said, kind.loss);
  } else if (kind.says == Says::labels) {
    plan.logistic(read, 2, labels);
  } else {
    plan.softmax(read, kind.says == Says::steps ? 3 : 1, classes, 0, class_weights);
  }
  return plan;
}

template <class Real>
struct Outcome {
  std::vector<Real> said;  // at the sequence's last step
  double loss = 0;
  Buffer<Real> gradient;
  bool operator==(const Outcome&) const = default;
};

// A longer window before, whose states and activations are left behind; then the window.
Outcome<float> outcome(const NetworkPlan& plan, const std::vector<Span>& spans, int times,
                       int lanes, int logit_times = 0) {
  const ParameterLayout layout = plan.layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(plan, layout, {.seed = 4}, parameters);
  ThreadPool pool(1);
  BackwardListener nobody;
  const std::vector<TreeNode> roots = {{0, 0}};
  Outcome<float> outcome{{}, 0, Buffer<float>(plan.gradient_size())};
  float* buffers[] = {outcome.gradient.data()};
  const auto train = [&](Network<float>& network, const Window& window) {
    const WindowView view(window, 0);
    network.forward(view, pool);
    for (int stage = network.stages() - 1; stage >= 0; --stage) {
      network.backward(stage, view, {lanes, 0, 1, roots, buffers}, pool, nobody);
    }
    network.carry(view);
  };
  const int longest = times + 2;
  const std::vector<Span> before = {{50, 0, 0, longest}, {51, lanes - 1, 1, longest - 1}};
  const Window garbage = window_of(longest, lanes, before, -1);
  const Window window =
      window_of(times, lanes, spans, static_cast<std::int32_t>(spans[0].sequence));
  Network<float> training(plan, layout, parameters.data(), {lanes, longest, true, 0, logit_times});
  training.pack(pool);
  train(training, garbage);
  train(training, window);
  training.finish_gradient(0, outcome.gradient, pool);
  Network<float> evaluating(plan, layout, parameters.data(),
                            {lanes, longest, false, 0, logit_times});
  evaluating.pack(pool);
  evaluating.forward(WindowView(garbage, 0), pool);
  evaluating.carry(WindowView(garbage, 0));
  evaluating.forward(WindowView(window, 0), pool);
  outcome.said.resize(static_cast<std::size_t>(evaluating.outputs()));
  evaluating.outputs(spans[0].last(), spans[0].lane, outcome.said);
  outcome.loss = evaluating.loss(spans[0].last(), spans[0].lane);
  return outcome;
}

class Company : public testing::TestWithParam<std::string> {};

TEST_P(Company, ChangesNoBitOfASequence) {
  kernels::set_float_mode();
  for (const Pooling pooling : poolings) {
    for (const int variant : {0, 1, 2, 3}) {
      const bool drops = variant % 2 == 1, both = variant >= 2;
      SCOPED_TRACE(testing::Message() << static_cast<int>(pooling) << " drops " << drops
                                      << " both directions " << both);
      const NetworkPlan plan = plan_of(GetParam(), pooling, drops, {.both = both});
      // Sequence 3 alone in a lane; and behind, before and beside others, in another lane.
      const Outcome<float> alone = outcome(plan, {{3, 0, 0, 5}}, 9, 4);
      const Outcome<float> among = outcome(
          plan, {{3, 2, 3, 5}, {8, 0, 0, 9}, {6, 1, 2, 4}, {5, 2, 0, 3}, {7, 2, 8, 1}}, 9, 4);
      EXPECT_EQ(alone.said, among.said);
      EXPECT_EQ(alone.loss, among.loss);
      EXPECT_EQ(alone.gradient, among.gradient);
      EXPECT_TRUE(alone == outcome(plan, {{3, 0, 4, 5}, {5, 0, 0, 4}}, 9, 4)) << "at the end";
      EXPECT_NE(alone.said, outcome(plan, {{4, 0, 0, 5}}, 9, 4).said);
    }
  }
}

// In a window that holds them whole, and over three of a third of its steps: with masks that are
// drawn by a sequence's own steps, whatever window they lie in.
TEST_P(Company, NorDoWindowsThatItGoesOnOver) {
  kernels::set_float_mode();
  constexpr int lanes = 2, times = 24, part = 8;
  const std::vector<Span> whole = {{0, 0, 0, 17}, {1, 0, 17, 7}, {2, 1, 2, 22}};
  const std::vector<std::vector<Span>> parts = {
      {{0, 0, 0, 8, 0, false}, {2, 1, 2, 6, 0, false}},
      {{0, 0, 0, 8, 8, false}, {2, 1, 0, 8, 6, false}},
      {{0, 0, 0, 1, 16, true}, {1, 0, 1, 7, 0, true}, {2, 1, 0, 8, 14, true}}};
  ThreadPool pool(1);
  for (const bool locked : {false, true}) {
    const NetworkPlan plan = plan_of(GetParam(), Pooling::last, true, {.locked = locked});
    const ParameterLayout layout = plan.layout();
    Buffer<float> parameters(layout.size());
    initialize<float>(plan, layout, {.seed = 4}, parameters);
    for (const Span& span : whole) {
      // Of one sequence at a time, so that no order of addition is another one.
      const auto taught = static_cast<std::int32_t>(span.sequence);
      const auto loss_of = [&](int steps, const std::vector<std::vector<Span>>& windows) {
        Network<float> network(plan, layout, parameters.data(), {lanes, steps, true});
        network.pack(pool);
        double sum = 0;
        for (const std::vector<Span>& spans : windows) {
          const Window window = window_of(steps, lanes, spans, taught);
          double losses[1], weights[1];
          network.forward(WindowView(window, 0), pool);
          network.block_losses(WindowView(window, 0), lanes, losses, weights);
          network.carry(WindowView(window, 0));
          sum += losses[0];
        }
        return sum;
      };
      const double expected = loss_of(times, {whole});
      EXPECT_GT(expected, 0);
      EXPECT_EQ(loss_of(part, parts), expected) << taught << " locked " << locked;
    }
  }
}

class Targets : public testing::TestWithParam<Says> {};

TEST_P(Targets, OfASequenceTeachTheSameInCompanyAndInPieces) {
  kernels::set_float_mode();
  for (const bool drops : {false, true}) {
    const NetworkPlan plan = plan_of("gru", Pooling::last, drops, {.says = GetParam()});
    const Outcome<float> alone = outcome(plan, {{3, 0, 0, 5}}, 9, 4);
    const std::vector<Span> spans = {
        {3, 2, 3, 5}, {8, 0, 0, 9}, {6, 1, 2, 4}, {5, 2, 0, 3}, {7, 2, 8, 1}};
    for (const int logit_times : {0, 2}) {
      const Outcome<float> among = outcome(plan, spans, 9, 4, logit_times);
      EXPECT_GT(alone.loss, 0);
      EXPECT_TRUE(alone == among) << drops << ' ' << logit_times;
    }
    EXPECT_NE(alone.said, outcome(plan, {{4, 0, 0, 5}}, 9, 4).said);
  }
}

// Each step's, some of them masked.
std::vector<kernels::NumberLoss> number_losses() {
  using enum kernels::NumberLossKind;
  return {{squared}, {absolute}, {huber, 0.8}, {gaussian}, {quantile, 1, {0.1, 0.5, 0.9}}};
}

TEST(Numbers, OfASequencesStepsAreTheSameInCompany) {
  kernels::set_float_mode();
  for (const kernels::NumberLoss& loss : number_losses()) {
    const NetworkPlan plan =
        plan_of("gru", Pooling::last, true, {.says = Says::numbers, .loss = loss});
    const Outcome<float> alone = outcome(plan, {{3, 0, 0, 5}}, 9, 4);
    const Outcome<float> among =
        outcome(plan, {{3, 2, 3, 5}, {8, 0, 0, 9}, {6, 1, 2, 4}, {5, 2, 0, 3}, {7, 2, 8, 1}}, 9, 4);
    EXPECT_EQ(alone.said.size(), static_cast<std::size_t>(said * loss.parts()));
    EXPECT_TRUE(alone == among) << static_cast<int>(loss.kind);
    EXPECT_NE(alone.said, outcome(plan, {{4, 0, 0, 5}}, 9, 4).said);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Targets, testing::Values(Says::classes, Says::labels, Says::steps));

INSTANTIATE_TEST_SUITE_P(Cells, Company, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

TEST(SequenceGradients, OfPoolingNumbersAndWeightsAgreeWithCentralDifferences) {
  constexpr int lanes = 2, times = 7;
  const Window window = window_of(
      times, lanes, {{0, 0, 0, 3}, {1, 0, 3, 4}, {2, 1, 0, 1}, {3, 1, 2, 2}, {4, 1, 4, 3}}, -1);
  std::vector<std::pair<Pooling, Kind>> heads{{Pooling::last, {.says = Says::labels}},
                                              {Pooling::last, {.says = Says::steps}}};
  double of_steps = 0;
  for (const std::int32_t target : window.axes[0].tokens[3]) {
    if (target >= 0) of_steps += class_weights[static_cast<std::size_t>(target)];
  }
  for (const Pooling pooling : poolings) heads.push_back({pooling, {}});
  heads.push_back({Pooling::last, {.both = true}});
  heads.push_back({Pooling::attention, {.both = true}});
  for (const kernels::NumberLoss& loss : number_losses()) {
    heads.push_back({Pooling::last, {.says = Says::numbers, .loss = loss}});
  }
  for (const auto& [pooling, kind] : heads) {
    for (const bool drops : {false, true}) {
      const NetworkPlan plan = plan_of("gru", pooling, drops, kind);
      // Of 13 steps of three numbers a third is masked.
      const double weight = kind.says == Says::numbers  ? 13 * said * 2 / 3
                            : kind.says == Says::labels ? 5 * labels
                            : kind.says == Says::steps  ? of_steps
                                                        : 1 + 2 + 0.5 + 1 + 1;
      test::expect_central_differences(
          plan, {lanes, times, true}, window, weight,
          fmt::format("pooling {} loss {} drops {} both directions {}", static_cast<int>(pooling),
                      static_cast<int>(kind.loss.kind), drops, kind.both));
    }
  }
}

}  // namespace
}  // namespace rondo
