#include "model/regular/dropout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "made_window.hpp"
#include "model/regular/weight_dropout.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

// Each time a window of that number comes, the same share of each gate's weights is missing.
TEST(WeightDropout, KeepsItsShareOfAWindowsWeights) {
  ModelShape shape;
  shape.hidden = 70;
  shape.embedding = 9;
  shape.vocabulary = 11;
  const ParameterLayout layout = shape.plan().layout();
  const Segment& segment = layout[2];
  ASSERT_EQ(segment.name, "rnn.weight_hh_l0");
  const Buffer<float> parameters(layout.size(), 2.0F);
  Allocations memory;
  WeightDropout<float> dropout(segment, parameters.data(), 0.25, {.seed = 9}, true, memory);
  const auto seen = [&](std::int64_t window) {
    for (int job = 0; job < dropout.jobs(); ++job) dropout.draw(job, window);
    return Buffer<float>(dropout.seen(), dropout.seen() + segment.size);
  };
  const Buffer<float> values = seen(4);
  EXPECT_EQ(values, seen(4));
  EXPECT_NE(values, seen(5));
  for (int gate = 0; gate < 4; ++gate) {
    int kept = 0;
    for (int unit = 0; unit < 70; ++unit) {
      for (int column = 0; column < 70; ++column) {
        const float value = values[segment.index(gate * 70 + unit, column)];
        ASSERT_TRUE(value == 0.0F || value == 2.0F * static_cast<float>(1 / 0.75));
        kept += value != 0.0F;
      }
    }
    EXPECT_NEAR(kept, 0.75 * 4900, 3 * std::sqrt(4900 * 0.25 * 0.75)) << gate;
  }
  // The gradient of what was seen becomes that of the weights likewise.
  seen(4);
  Buffer<float> gradient = parameters;
  for (int job = 0; job < dropout.jobs(); ++job) dropout.mask(job, 4, gradient.data());
  for (int row = 0; row < segment.rows(); ++row) {
    for (int column = 0; column < segment.columns; ++column) {
      const std::size_t at = segment.index(row, column);
      ASSERT_EQ(gradient[segment.offset + at], values[at]);
    }
  }
  EXPECT_EQ(gradient[segment.offset - 1], 2.0F);
}

TEST(WeightDropout, LeavesEvaluationAlone) {
  Segment segment;
  segment.units = segment.columns = 3;
  ParameterLayout layout;
  const Segment& weights = layout[layout.add(segment)];
  const Buffer<float> parameters(layout.size(), 2.0F);
  Allocations memory;
  const WeightDropout<float> dropout(weights, parameters.data(), 0.25, {}, false, memory);
  EXPECT_EQ(dropout.jobs(), 0);
  EXPECT_EQ(dropout.seen(), parameters.data() + weights.offset);
}

TEST(Dropout, KeepsItsShareAndMasksTheGradientAlike) {
  constexpr int lanes = 8, times = 5;
  const Panels panels{100};
  const std::size_t stride = panels.step_size(lanes);
  Buffer<float> values(stride * times, 2.0F), gradient(stride * times, 3.0F);
  const PassShape pass{lanes, times, true};
  Allocations memory;
  Dropout<float> dropout(0.25, false, {.seed = 9, .number = 1}, {values.data(), stride, panels},
                         {gradient.data(), stride, panels}, pass, memory);
  const std::vector<std::uint8_t> none(lanes * times);
  const test::MadeWindow made_window(times, lanes, nullptr, nullptr, none.data(), 4);
  const WindowView window(made_window.window, 0);
  dropout.forward(window, {0, lanes});
  BackwardListener nobody;
  dropout.backward(window, {0, lanes}, nobody);
  int kept = 0;
  for (int t = 0; t < times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < 100; ++unit) {
        const std::size_t i =
            static_cast<std::size_t>(t) * stride + panels.index(lane, unit, lanes);
        const float out = dropout.output().data[i];
        const float scale = static_cast<float>(1 / 0.75);
        ASSERT_TRUE(out == 0.0F || out == 2.0F * scale);
        ASSERT_EQ(gradient[i], out == 0.0F ? 0.0F : 3.0F * scale);
        kept += out != 0.0F;
      }
    }
  }
  EXPECT_NEAR(kept, 0.75 * lanes * times * 100, 3 * std::sqrt(lanes * times * 100 * 0.25 * 0.75));

  // The mask belongs to the lane of the run, not to its place on this rank.
  Buffer<float> again(stride * times, 2.0F);
  Dropout<float> other_rank(0.25, false, {.seed = 9, .number = 1}, {again.data(), stride, panels},
                            {}, pass, memory);
  const test::MadeWindow made_shifted(times, lanes, nullptr, nullptr, none.data(), 4);
  const WindowView shifted(made_shifted.window, 3);
  other_rank.forward(shifted, {0, 1});
  for (int unit = 0; unit < 100; ++unit) {
    EXPECT_EQ(other_rank.output().data[panels.index(0, unit, lanes)],
              dropout.output().data[panels.index(3, unit, lanes)]);
  }
}

}  // namespace
}  // namespace rondo
