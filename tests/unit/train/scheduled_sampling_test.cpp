#include "train/scheduled_sampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "../model/decoder_plan.hpp"
#include "../model/pair_window.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo {
namespace {

using Symbols = std::vector<std::int32_t>;

class ScheduledSamplingTest : public testing::Test {
 protected:
  ScheduledSamplingTest() : pool_(2, kernels::set_float_mode) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    plan_ = test::plan_of({.attention = AttentionKind::general});
    layout_ = plan_.layout();
    parameters_.resize(layout_.size());
    initialize<float>(plan_, layout_, {.seed = 8}, parameters_);
    for (float& value : parameters_) value *= 3;  // that differ
  }

  // What the steps of each sequence read in a window, once `share` of them read the network's own.
  std::map<std::int64_t, Symbols> read(const Window& window, double share, bool training = true,
                                       std::int64_t epoch = 3) {
    ScheduledSampling sampling(5);
    Window own = window;
    own.epoch = epoch;
    const Window& taken = sampling.take(own);
    PassShape pass{window.lanes, window.axes[0].times, training};
    pass.second_times = window.axes[1].times;
    pass.keeps_likeliest = true;
    Network<float> network(plan_, layout_, parameters_.data(), pass);
    network.pack(pool_);
    const WindowView view(taken, 0);
    network.forward(view, pool_);
    any_ = sampling.replace(view, network, share);
    std::map<std::int64_t, Symbols> all;
    for (const Span& span : taken.axes[1].spans) {
      for (int t = span.first; t <= span.last(); ++t) {
        all[span.sequence].push_back(
            taken.axes[1].tokens[0][static_cast<std::size_t>(t * window.lanes + span.lane)]);
      }
    }
    return all;
  }
  // What an evaluation finds likeliest at each step but the last.
  Symbols likeliest(const Window& window, const Span& span) {
    PassShape pass{window.lanes, window.axes[0].times, false};
    pass.second_times = window.axes[1].times;
    Network<float> network(plan_, layout_, parameters_.data(), pass);
    network.pack(pool_);
    network.forward(WindowView(window, 0), pool_);
    Symbols found;
    for (int t = span.first; t < span.last(); ++t) {
      std::vector<float> said(static_cast<std::size_t>(network.outputs()));
      network.outputs(t, span.lane, said);
      found.push_back(static_cast<std::int32_t>(std::ranges::max_element(said) - said.begin()));
    }
    return found;
  }

  NetworkPlan plan_;
  ParameterLayout layout_;
  Buffer<float> parameters_;
  ThreadPool pool_;
  bool any_ = false;
};

// Four pairs in two lanes.
Window pairs() {
  return test::pair_window(
      9, 12, 2, {{0, 0, 0, 0, 3, 5}, {1, 0, 3, 5, 2, 7}, {2, 1, 1, 1, 4, 6}, {3, 1, 5, 7, 2, 4}});
}

TEST_F(ScheduledSamplingTest, NobodyReadsHisOwnAtTheBeginning) {
  const Window window = pairs();
  const auto before = read(window, 0);
  EXPECT_FALSE(any_);
  for (const test::Pair pair : {test::Pair{.sequence = 0, .target = 5}}) {
    for (int step = 0; step < pair.target; ++step) {
      EXPECT_EQ(before.at(0)[static_cast<std::size_t>(step)], test::target_symbol(pair, step - 1));
    }
  }
}

TEST_F(ScheduledSamplingTest, AllButTheFirstReadWhatWasLikeliestBefore) {
  const Window window = pairs();
  const auto own = read(window, 1), given = read(window, 0);
  EXPECT_NE(own, given);
  for (const Span& span : window.axes[1].spans) {
    const Symbols& symbols = own.at(span.sequence);
    EXPECT_EQ(symbols.front(), given.at(span.sequence).front());
    EXPECT_EQ(Symbols(symbols.begin() + 1, symbols.end()), likeliest(window, span));
  }
}

TEST_F(ScheduledSamplingTest, IsDrawnBySequenceAndStepAlone) {
  const auto together = read(pairs(), 0.5);
  EXPECT_TRUE(any_);
  EXPECT_NE(together, read(pairs(), 0));
  EXPECT_NE(together, read(pairs(), 1));
  EXPECT_NE(together, read(pairs(), 0.5, true, 4));  // another epoch
  const Window alone = test::pair_window(3, 8, 1, {{1, 0, 1, 1, 2, 7}});
  EXPECT_EQ(read(alone, 0.5).at(1), together.at(1));
  EXPECT_EQ(read(pairs(), 0.5, false), together);
}

}  // namespace
}  // namespace rondo
