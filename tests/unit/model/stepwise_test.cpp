// Decoding: a decoder that goes one step at a time, over a source that has been read once, says
// what it says of a whole window, in any lane, and goes on from where another lane was.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "decoder_plan.hpp"
#include "pair_window.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

using test::Pair;

using Values = std::vector<float>;

struct Said {
  std::vector<Values> logits, weights;  // of each step
  bool operator==(const Said&) const = default;
};

class Decoding {
 public:
  explicit Decoding(const test::DecoderPlan& shape)
      : plan_(test::plan_of(shape)), layout_(plan_.layout()), parameters_(layout_.size()) {
    initialize<float>(plan_, layout_, {.seed = 4}, parameters_);
  }

  // Of a window in which the pair is alone, and whose decoder has these inputs.
  Said whole(const Pair& pair, const std::vector<std::int32_t>& inputs) {
    const auto steps = static_cast<int>(inputs.size());
    Window window =
        test::pair_window(pair.source, steps, 1, {{pair.sequence, 0, 0, 0, pair.source, steps}});
    window.axes[1].tokens[0] = inputs;
    PassShape pass{1, pair.source, false};
    pass.second_times = steps;
    Network<float> network(plan_, layout_, parameters_.data(), pass);
    network.pack(pool_);
    network.forward(WindowView(window, 0), pool_);
    Said said;
    for (int t = 0; t < steps; ++t) add(network, t, 0, said);
    return said;
  }

  // Lane l reads what source `of[l]` says; `inputs`, [step][lane]; before a step of which `orders`
  // says so, lanes go on from others.
  std::vector<Said> stepwise(const std::vector<Pair>& sources, const std::vector<int>& of,
                             const std::vector<std::vector<std::int32_t>>& inputs,
                             const std::vector<std::vector<int>>& orders, int threads) {
    constexpr int times = 11;
    const auto lanes = static_cast<int>(of.size());
    ThreadPool pool(threads, kernels::set_float_mode);
    Window window = test::pair_window(times, 1, lanes, sources);
    PassShape pass{lanes, times, false};
    pass.second_times = 1;
    pass.stepwise = true;
    Network<float> network(plan_, layout_, parameters_.data(), pass);
    network.pack(pool);
    std::vector<Said> said(of.size());
    for (const bool again : {false, true}) {  // states of another decoding stay behind
      for (Said& lane : said) lane = {};
      network.forward_axis(0, WindowView(window, 0), pool);
      for (std::size_t t = 0; t < inputs.size(); ++t) {
        if (again && !orders[t].empty()) {
          network.reorder(orders[t]);
          reorder(said, orders[t]);
        }
        WindowAxis& axis = window.axes[1] = test::window_axis(1, lanes, 2);
        for (int lane = 0; lane < lanes; ++lane) {
          const auto source = static_cast<std::size_t>(of[static_cast<std::size_t>(lane)]);
          test::add_span(
              axis, lanes,
              {sources[source].sequence, lane, 0, 1, static_cast<std::int32_t>(t), false});
          axis.tokens[0][static_cast<std::size_t>(lane)] =
              inputs[t][static_cast<std::size_t>(lane)];
        }
        std::partial_sum(axis.begins.begin(), axis.begins.end(), axis.begins.begin());
        std::ranges::fill(axis.tokens[1], -1);
        network.forward_axis(1, WindowView(window, 0), pool);
        for (int lane = 0; lane < lanes; ++lane) {
          add(network, 0, lane, said[static_cast<std::size_t>(lane)]);
        }
      }
    }
    return said;
  }

  static void reorder(std::vector<Said>& lanes, const std::vector<int>& from) {
    const std::vector<Said> before = lanes;
    for (std::size_t l = 0; l < from.size(); ++l)
      lanes[l] = before[static_cast<std::size_t>(from[l])];
  }

 private:
  static void add(const Network<float>& network, int t, int lane, Said& said) {
    said.logits.emplace_back(static_cast<std::size_t>(network.outputs()));
    network.outputs(t, lane, said.logits.back());
    const std::span<const float> weights = network.attention(t, lane);
    said.weights.emplace_back(weights.begin(), weights.end());
  }

  NetworkPlan plan_;
  ParameterLayout layout_;
  Buffer<float> parameters_;
  ThreadPool pool_{1};
};

TEST(Stepwise, SaysWhatAWholeWindowDoesAndGoesOnFromOtherLanes) {
  kernels::set_float_mode();
  // Two sources end to end in a lane, one in another; five hypotheses.
  const std::vector<Pair> sources = {{3, 0, 0, 0, 4, 1}, {7, 0, 5, 0, 6, 1}, {5, 2, 1, 0, 3, 1}};
  const std::vector<int> of = {1, 0, 0, 1, 2};
  const std::vector<std::vector<std::int32_t>> inputs = {
      {0, 0, 0, 0, 0}, {2, 3, 4, 5, 2}, {4, 4, 2, 3, 3}, {5, 2, 3, 4, 5}};
  // Within a source's lanes.
  const std::vector<std::vector<int>> orders = {{}, {}, {3, 2, 1, 3, 4}, {0, 1, 1, 3, 4}};
  for (const test::DecoderPlan& shape : test::all_decoders()) {
    SCOPED_TRACE(test::name_of(shape));
    Decoding decoding(shape);
    // Each lane's inputs, as hypotheses go on.
    std::vector<std::vector<std::int32_t>> hypotheses(of.size());
    for (std::size_t t = 0; t < inputs.size(); ++t) {
      const auto before = hypotheses;
      for (std::size_t lane = 0; lane < of.size(); ++lane) {
        if (!orders[t].empty())
          hypotheses[lane] = before[static_cast<std::size_t>(orders[t][lane])];
        hypotheses[lane].push_back(inputs[t][lane]);
      }
    }
    for (const int threads : {1, 3}) {
      const std::vector<Said> said = decoding.stepwise(sources, of, inputs, orders, threads);
      for (std::size_t lane = 0; lane < of.size(); ++lane) {
        const Pair& pair = sources[static_cast<std::size_t>(of[lane])];
        const Said expected = decoding.whole(pair, hypotheses[lane]);
        EXPECT_EQ(said[lane].logits, expected.logits) << lane;
        EXPECT_EQ(said[lane].weights, expected.weights) << lane;
        EXPECT_NE(expected.logits[1], expected.logits[2]);
      }
    }
  }
}

}  // namespace
}  // namespace rondo
