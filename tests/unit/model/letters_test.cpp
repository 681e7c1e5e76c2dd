// Two axes: words, and their letters as sequences of their own. What a sentence says and teaches
// has the same bits alone and in company, and the gradients of what joins the axes are right.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "central_differences.hpp"
#include "model/inputs/gather_ends.hpp"
#include "pair_window.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "test_name.hpp"
#include "two_windows.hpp"

namespace rondo {
namespace {

constexpr int words = 7, letters = 9, classes = 4;

// A word's letters are a function of its sentence and place.
int letters_of(std::int64_t sentence, int word) {
  return 1 + static_cast<int>((sentence * 3 + word * 2) % 4);
}
std::int32_t letter_of(std::int64_t sentence, int word, int letter) {
  return static_cast<std::int32_t>((sentence * 5 + word * 3 + letter * 2 + 1) % letters);
}

// Whole sentences; letters begin at `shift` of each lane.
Window window_of(int times, int letter_times, int lanes, std::vector<Span> sentences,
                 std::int64_t taught, int shift = 0) {
  std::ranges::sort(sentences, {},
                    [](const Span& span) { return std::pair(span.lane, span.first); });
  Window window;
  window.lanes = lanes;
  window.epoch = 3;
  window.axes = {test::window_axis(times, lanes, 2), test::window_axis(letter_times, lanes, 1)};
  WindowAxis& of_words = window.axes[0];
  WindowAxis& of_letters = window.axes[1];
  std::ranges::fill(of_words.tokens[1], -1);
  std::vector<int> next(static_cast<std::size_t>(lanes), shift);
  for (const Span& span : sentences) {
    test::add_span(of_words, lanes, span);
    int step = 0;  // of letters
    for (int word = 0; word < span.length; ++word) {
      const auto at = static_cast<std::size_t>((span.first + word) * lanes + span.lane);
      of_words.tokens[0][at] = static_cast<std::int32_t>((span.sequence + word * 3) % words);
      if (taught < 0 || taught == span.sequence) {
        of_words.tokens[1][at] = static_cast<std::int32_t>((span.sequence + 2 * word) % classes);
      }
      int& first = next[static_cast<std::size_t>(span.lane)];
      const int length = letters_of(span.sequence, word);
      Span own{span.sequence, span.lane, first, length, step};
      own.parent = span.first + word;
      test::add_span(of_letters, lanes, own);
      for (int letter = 0; letter < length; ++letter, ++first, ++step) {
        const auto place = static_cast<std::size_t>(first * lanes + span.lane);
        of_letters.tokens[0][place] = letter_of(span.sequence, word, letter);
      }
    }
  }
  for (WindowAxis& axis : window.axes) {
    std::partial_sum(axis.begins.begin(), axis.begins.end(), axis.begins.begin());
  }
  return window;
}

NetworkPlan plan_of(const std::string& cell, bool drops, bool both) {
  NetworkPlan plan(9);
  const Signal table = plan.embedding(0, words, 5, drops ? 0.2 : 0);
  Signal spelt = plan.embedding(0, letters, 4, drops ? 0.1 : 0, 1);
  spelt = plan.dropout(spelt, drops ? 0.3 : 0, false);
  RecurrentShape reads;
  reads.cell = cell;
  reads.hidden = 3;
  reads.projection = usual_projection(cell, 3);
  reads.bidirectional = both;
  reads.stack = "letters";
  if (drops) reads.zoneout = 0.2;
  reads.trained_initial_state = drops;
  const Signal summary = plan.gather_ends(plan.recurrent(spelt, reads));
  NetworkSettings stack;
  stack.cell = "gru";
  stack.hidden = 6;
  stack.bidirectional = both;
  if (drops) stack.dropout_input = stack.dropout_output = 0.3;
  const Signal top = add_stack(plan, plan.side_by_side({table, summary}), stack, 1);
  plan.softmax(top, 1, classes);
  return plan;
}

struct Outcome {
  std::vector<float> said;  // at the sentence's last word
  double loss = 0;
  Buffer<float> gradient;
  bool operator==(const Outcome&) const = default;
};

// Of the first sentence; a longer window before leaves its states and activations behind.
Outcome outcome(const NetworkPlan& plan, const std::vector<Span>& sentences, int shift = 0,
                int threads = 1) {
  constexpr int times = 9, letter_times = 34, lanes = 4;
  const Window before = window_of(times + 2, letter_times + 3, lanes,
                                  {{50, 0, 0, times + 2}, {51, lanes - 1, 1, times + 1}}, -1);
  const Window window =
      window_of(times, letter_times, lanes, sentences, sentences[0].sequence, shift);
  Outcome outcome;
  outcome.gradient =
      test::train_and_ask(plan, before, window, threads, [&](const Network<float>& network) {
        const Span& taught = sentences[0];
        outcome.said.resize(static_cast<std::size_t>(network.outputs()));
        network.outputs(taught.last(), taught.lane, outcome.said);
        outcome.loss = network.loss(taught.last(), taught.lane);
      });
  return outcome;
}

// A value for each place.
float value_of(int t, int lane, int unit) {
  return static_cast<float>(1000 * t + 200 * lane + unit + 1);
}

TEST(GatherEnds, TakesEachDirectionsLastStateToTheStepOfItsSpan) {
  constexpr int lanes = 3, times = 4, letter_times = 6, units = 150, reversed = 70;
  const Panels panels{units};
  const std::size_t step = panels.step_size(lanes);
  Buffer<float> values(step * letter_times), gradient(step * letter_times, 9.0F);
  for (int t = 0; t < letter_times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        values[static_cast<std::size_t>(t) * step + panels.index(lane, unit, lanes)] =
            value_of(t, lane, unit);
      }
    }
  }
  Window window = make_window(times, lanes, std::vector<std::uint8_t>(times * lanes));
  window.axes.push_back(test::window_axis(letter_times, lanes, 0));
  WindowAxis& letters_axis = window.axes[1];
  letters_axis.spans = {{4, 0, 1, 3}, {5, 2, 0, 1}, {5, 2, 1, 5}};
  letters_axis.begins = {0, 1, 1, 3};
  const int parents[] = {3, 0, 1};
  for (std::size_t i = 0; i < 3; ++i) letters_axis.spans[i].parent = parents[i];
  const WindowView view(window, 0);
  Allocations memory;
  GatherEnds<float> ends(1, reversed, {values.data(), step, panels},
                         {gradient.data(), step, panels}, false, {lanes, times, true}, memory);
  ends.forward(view, {0, lanes});
  std::iota(ends.output_gradient().data, ends.output_gradient().at(times), 1.0F);
  BackwardListener nobody;
  ends.backward(view, {0, lanes}, nobody);

  Buffer<float> expected(step * times), expected_gradient(step * letter_times);
  for (const Span& span : letters_axis.spans) {
    for (int unit = 0; unit < units; ++unit) {
      const int from = unit < units - reversed ? span.last() : span.first;
      const std::size_t at = panels.index(span.lane, unit, lanes);
      const std::size_t there = static_cast<std::size_t>(span.parent) * step + at;
      expected[there] = value_of(from, span.lane, unit);
      expected_gradient[static_cast<std::size_t>(from) * step + at] =
          ends.output_gradient().data[there];
    }
  }
  for (int t = 0; t < letter_times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        const std::size_t at = static_cast<std::size_t>(t) * step + panels.index(lane, unit, lanes);
        if (t < times) {
          EXPECT_EQ(ends.output().data[at], expected[at]) << t << ' ' << lane << ' ' << unit;
        }
        EXPECT_EQ(gradient[at], expected_gradient[at]) << t << ' ' << lane << ' ' << unit;
      }
    }
  }
}

class Letters : public testing::TestWithParam<std::string> {};

TEST_P(Letters, OfASentenceSayAndTeachTheSameInCompany) {
  kernels::set_float_mode();
  for (const bool drops : {false, true}) {
    for (const bool both : {false, true}) {
      SCOPED_TRACE(testing::Message() << "drops " << drops << " both directions " << both);
      const NetworkPlan plan = plan_of(GetParam(), drops, both);
      const std::vector<Span> company = {
          {3, 2, 3, 5}, {8, 0, 0, 9}, {6, 1, 2, 4}, {5, 2, 0, 3}, {7, 2, 8, 1}};
      const Outcome alone = outcome(plan, {{3, 0, 0, 5}});
      EXPECT_TRUE(alone == outcome(plan, company));
      EXPECT_TRUE(alone == outcome(plan, company, 2, 3));
      EXPECT_NE(alone.said, outcome(plan, {{4, 0, 0, 5}}).said);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Letters, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

TEST(LetterGradients, AgreeWithCentralDifferences) {
  constexpr int lanes = 2, times = 6, letter_times = 17;
  const Window window = window_of(times, letter_times, lanes,
                                  {{0, 0, 0, 3}, {1, 0, 3, 3}, {2, 1, 0, 1}, {3, 1, 2, 2}}, -1);
  for (const char* cell : {"lstm", "gru"}) {
    for (const bool drops : {false, true}) {
      const NetworkPlan plan = plan_of(cell, drops, true);
      PassShape pass{lanes, times, true};
      pass.second_times = letter_times;
      test::expect_central_differences(plan, pass, window, 9,
                                       fmt::format("{} drops {}", cell, drops));
    }
  }
}

// Memory is that of each axis's own window, and nothing of letters is carried.
TEST(LetterPlans, TellTheirMemoryNamesAndWork) {
  const NetworkPlan plan = plan_of("lstm", false, true);
  PassShape pass{4, 8, true};
  pass.second_times = 8;
  const std::uint64_t small = Network<float>::bytes(plan, pass).activations;
  pass.second_times = 16;
  const std::uint64_t larger = Network<float>::bytes(plan, pass).activations;
  pass.second_times = 24;
  EXPECT_GT(larger, small);
  EXPECT_EQ(Network<float>::bytes(plan, pass).activations - larger, larger - small);
  EXPECT_EQ(plan.carried().size(), 1U);  // the words' GRU forward
  const ParameterLayout layout = plan.layout();
  const auto has = [&](const std::string& name) {
    return std::ranges::any_of(layout.segments(),
                               [&](const Segment& segment) { return segment.name == name; });
  };
  for (const char* name : {"embedding.weight", "embedding_1.weight", "letters.weight_ih_l0",
                           "letters.weight_hh_l0_reverse", "rnn.weight_ih_l0_reverse"}) {
    EXPECT_TRUE(has(name)) << name;
  }
  EXPECT_EQ(plan.weights_per_step(1), 2 * 4 * 3 * (4 + 3));
  EXPECT_EQ(plan.weights_per_step(), 2 * 3 * 6 * (5 + 6 + 6) + 12 * classes);
  EXPECT_EQ(plan.tables()[1].axis, 1);
}

}  // namespace
}  // namespace rondo
