// A network asked step by step says what it would be taught of whole texts.
#include "tasks/decoding/source_scorer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "../../model/pair_window.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo {
namespace {

using test::Pair;

constexpr int symbols = 5, classes = 6;
constexpr std::int32_t end = 1;

class SourceScorerTest : public testing::TestWithParam<AttentionKind> {
 protected:
  SourceScorerTest() : pool_(2, kernels::set_float_mode) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    RecurrentShape reads;
    reads.cell = "lstm";
    reads.hidden = 3;
    reads.bidirectional = true;
    reads.stack = "encoder.rnn";
    DecoderShape says;
    says.layer.cell = "lstm";
    says.layer.hidden = 6;
    says.layers = 2;
    says.attention = GetParam();
    plan_.softmax(plan_.decoder(plan_.recurrent(plan_.embedding(0, symbols, 3), reads),
                                plan_.embedding(0, classes, 4, 0, 1), says),
                  1, classes);
    layout_ = plan_.layout();
    parameters_.resize(layout_.size());
    initialize<float>(plan_, layout_, {.seed = 8}, parameters_);
    for (float& value : parameters_) value *= 4;  // texts that differ
    options_.end = end;
    options_.beam = options_.n_best = 3;
    options_.attention = true;
  }

  // Of a window's sequences, in the order of `numbers`.
  std::vector<std::vector<Hypothesis>> decoded(const Window& window,
                                               const std::vector<std::int64_t>& numbers,
                                               int lanes) {
    std::vector<Span> spans;
    std::vector<DecodeSource> sources;
    for (const std::int64_t number : numbers) {
      spans.push_back(*std::ranges::find(window.axes[0].spans, number, &Span::sequence));
      sources.push_back({number, 1, 7});
    }
    tasks::NetworkScorer<float> scorer(plan_, layout_, parameters_.data(), lanes,
                                       window.axes[0].times, pool_);
    StepScorer* voter = &scorer;
    scorer.read(window);
    scorer.choose(spans);
    return decode({&voter, 1}, sources, options_, pool_);
  }

  // What a text is by the losses of a whole window.
  double log_probability(const Pair& source, const std::vector<std::int32_t>& text) {
    Pair pair = source;
    pair.lane = pair.first = pair.target_first = 0;
    pair.target = static_cast<int>(text.size()) + 1;
    Window window = test::pair_window(pair.source, pair.target, 1, {pair});
    for (int t = 0; t < pair.target; ++t) {
      const auto at = static_cast<std::size_t>(t);
      window.axes[1].tokens[0][at] = t == 0 ? end : text[at - 1];
      window.axes[1].tokens[1][at] = t + 1 == pair.target ? end : text[at];
    }
    PassShape pass{1, pair.source, false};
    pass.second_times = pair.target;
    Network<float> network(plan_, layout_, parameters_.data(), pass);
    network.pack(pool_);
    network.forward(WindowView(window, 0), pool_);
    double sum = 0;
    for (int t = 0; t < pair.target; ++t) sum -= network.loss(t, 0);
    return sum;
  }

  NetworkPlan plan_;
  ParameterLayout layout_;
  Buffer<float> parameters_;
  ThreadPool pool_;
  DecodeOptions options_;
};

TEST_P(SourceScorerTest, SaysWhatWholeTextsAreTaughtToBe) {
  const std::vector<Pair> pairs = {{3, 2, 3, 0, 4, 1},
                                   {8, 0, 0, 0, 9, 1},
                                   {6, 1, 2, 0, 4, 1},
                                   {5, 2, 0, 0, 3, 1},
                                   {7, 2, 8, 0, 1, 1}};
  const Window window = test::pair_window(9, 3, 16, pairs);
  const auto together = decoded(window, {5, 3, 8, 6, 7}, 16);
  const std::vector<std::size_t> order = {3, 0, 1, 2, 4};  // of the pairs
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Pair& pair = pairs[order[i]];
    ASSERT_EQ(together[i].size(), 3U);
    for (const Hypothesis& text : together[i]) {
      EXPECT_NEAR(text.log_probability, log_probability(pair, text.symbols), 1e-5) << pair.sequence;
      for (const std::vector<float>& weights : text.attention) {
        EXPECT_EQ(weights.size(), static_cast<std::size_t>(pair.source));
      }
      EXPECT_EQ(text.attention.size(),
                GetParam() == AttentionKind::none ? 0 : text.symbols.size() + 1);
    }
    // Alone, in another lane, of another number of lanes.
    Pair alone = pair;
    alone.lane = alone.first = 0;
    const auto again = decoded(test::pair_window(9, 3, 3, {alone}), {pair.sequence}, 3).front();
    for (std::size_t n = 0; n < 3; ++n) {
      EXPECT_EQ(again[n].symbols, together[i][n].symbols);
      EXPECT_EQ(again[n].log_probability, together[i][n].log_probability);
      EXPECT_EQ(again[n].attention, together[i][n].attention);
    }
  }
  EXPECT_NE(together[0][0].symbols, together[2][0].symbols);
}

INSTANTIATE_TEST_SUITE_P(Attention, SourceScorerTest,
                         testing::Values(AttentionKind::none, AttentionKind::dot,
                                         AttentionKind::general, AttentionKind::additive));

}  // namespace
}  // namespace rondo
