#include "rondo/model/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "made_window.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/settings.hpp"
#include "small_shape.hpp"
#include "test_name.hpp"

namespace rondo {
namespace {

using test::small_shape;

TEST(Cells, AreFoundByTheirProperties) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(cell_names([](const Cell<float>& cell) { return cell.projects; }),
            Names{"lstm-projected"});
  EXPECT_EQ(cell_names([](const Cell<float>& cell) { return !cell.is_gated(); }),
            (Names{"tanh", "relu"}));
  EXPECT_TRUE(is_for_one_gate("identity"));
  EXPECT_FALSE(is_for_one_gate("glorot"));
  EXPECT_THROW(is_for_one_gate("no-such"), InputError);
}

TEST(NetworkSettings, RefuseZoneoutOfACellStateThatThereIsNot) {
  const auto complete = network_settings().complete;
  for (const std::string& name : cell_names()) {
    NetworkSettings settings;
    settings.cell = name;
    settings.projection = usual_projection(name, static_cast<int>(settings.hidden));
    settings.zoneout_cell = 0.1;
    if (find_cell<float>(name).has_cell_state) {
      EXPECT_NO_THROW(complete(settings)) << name;
    } else {
      EXPECT_THROW(complete(settings), InputError) << name;
    }
  }
}

TEST(ModelShape, CountsTheWeightsOfAToken) {
  EXPECT_EQ(small_shape("lstm").plan().weights_per_step(),
            70 * 4 * (9 + 70) + 70 * 4 * (70 + 70) + 70 * 11);
  EXPECT_EQ(small_shape("gru").plan().weights_per_step(),
            70 * 3 * (9 + 70) + 70 * 3 * (70 + 70) + 70 * 11);
  EXPECT_EQ(small_shape("lstm-projected").plan().weights_per_step(),
            70 * 4 * (9 + 35) + 70 * 4 * (35 + 35) + 2 * 35 * 70 + 35 * 11);
}

// First values, memory and gradients go by roles: a segment without one is treated as nothing.
TEST(ModelLayout, GivesEverySegmentARole) {
  for (const std::string& cell : cell_names()) {
    ModelShape shape = small_shape(cell);
    shape.initial_state = "trained";
    const ParameterLayout layout = shape.plan().layout();
    for (const Segment& segment : layout.segments()) {
      EXPECT_NE(segment.role, Segment::Role::unspecified) << cell << " " << segment.name;
    }
  }
}

TEST(ModelShape, ProjectsWhereTheCellDoes) {
  ModelShape shape = small_shape("lstm");
  shape.projection = 35;
  EXPECT_THROW(shape.plan().layout(), InputError);
  shape = small_shape("lstm-projected");
  EXPECT_NO_THROW(shape.plan().layout());
  shape.projection = 0;
  EXPECT_THROW(shape.plan().layout(), InputError);
}

// A window of one time step after another gives the same logits as all steps at once.
void expect_carried_state(const ModelShape& shape) {
  const ParameterLayout layout = shape.plan().layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(shape, layout, {.seed = 3}, parameters);
  for (const Segment& segment : layout.segments()) {
    if (!segment.name.starts_with("rnn.initial")) continue;
    for (int unit = 0; unit < segment.units; ++unit) {
      parameters[segment.offset + segment.index(unit, 0)] = 0.01F * static_cast<float>(unit);
    }
  }
  ThreadPool pool(1);
  const std::int32_t tokens[] = {1, 5, 3, 2, 8, 1};
  const std::int32_t masked[] = {-1, -1, -1, -1, -1, -1};
  const std::uint8_t resets[] = {1, 1, 0, 0, 0, 1};  // lane 1 starts afresh at the last step

  Network<float> whole(shape, layout, parameters.data(), {2, 3, false});
  whole.forward(test::MadeWindow(3, 2, tokens, masked, resets), pool);
  Network<float> stepwise(shape, layout, parameters.data(), {2, 1, false});
  for (int t = 0; t < 3; ++t) {
    const test::MadeWindow made_window(1, 2, tokens + 2 * t, masked, resets + 2 * t, 0);
    const WindowView window(made_window.window, 0);
    stepwise.forward(window, pool);
    for (int lane = 0; lane < 2; ++lane) {
      float expected[11], actual[11];
      whole.outputs(t, lane, expected);
      stepwise.outputs(0, lane, actual);
      for (int c = 0; c < 11; ++c) EXPECT_EQ(actual[c], expected[c]) << t << ", " << lane;
    }
    stepwise.carry(window);
  }
}

TEST(Network, CarriesItsStateFromWindowToWindow) {
  for (const std::string& cell : cell_names()) {
    SCOPED_TRACE(cell);
    ModelShape shape = small_shape(cell);
    expect_carried_state(shape);
    shape.zoneout = 0.2;
    shape.zoneout_cell = find_cell<float>(cell).has_cell_state ? 0.6 : 0;
    expect_carried_state(shape);
    shape.initial_state = "trained";
    expect_carried_state(shape);
  }
}

// Of label smoothing: training's loss has it, evaluation's has not.
TEST(Network, EvaluatesWithoutSmoothing) {
  const ModelShape plain = small_shape("gru");
  ModelShape smoothed = plain;
  smoothed.label_smoothing = 0.3;
  const ParameterLayout layout = plain.plan().layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(plain, layout, {.seed = 3}, parameters);
  ThreadPool pool(1);
  const std::int32_t tokens[] = {1, 5, 3, 2};
  const std::uint8_t resets[] = {1, 1, 0, 0};
  const auto loss_of = [&](const ModelShape& shape, bool training) {
    Network<float> network(shape, layout, parameters.data(), {2, 2, training});
    network.pack(pool);
    const test::MadeWindow made_window(2, 2, tokens, tokens, resets, 0);
    const WindowView window(made_window.window, 0);
    network.forward(window, pool);
    double loss = 0;
    double targets = 0;
    network.block_losses(window, 2, {&loss, 1}, {&targets, 1});
    return loss;
  };
  EXPECT_EQ(loss_of(smoothed, false), loss_of(plain, false));
  EXPECT_NE(loss_of(smoothed, true), loss_of(plain, true));
}

TEST(Network, FeelsALostReset) {
  for (const std::string& cell : cell_names()) {
    const ModelShape shape = small_shape(cell);
    const ParameterLayout layout = shape.plan().layout();
    Buffer<float> parameters(layout.size());
    initialize<float>(shape, layout, {.seed = 3}, parameters);
    ThreadPool pool(1);
    const std::int32_t tokens[] = {1, 5, 3, 2};
    std::uint8_t resets[] = {1, 1, 0, 1};
    BackwardListener nobody;
    const auto gradient_of = [&] {
      Network<float> network(shape, layout, parameters.data(), {2, 2, true});
      network.pack(pool);
      const test::MadeWindow made_window(2, 2, tokens, tokens, resets, 0);
      const WindowView window(made_window.window, 0);
      network.forward(window, pool);
      Buffer<float> gradient(shape.plan().gradient_size());
      float* buffers[] = {gradient.data()};
      const std::vector<TreeNode> roots = {{0, 0}};
      for (int stage = network.stages() - 1; stage >= 0; --stage) {
        network.backward(stage, window, {2, 0, 1, roots, buffers}, pool, nobody);
      }
      return gradient;
    };
    const Buffer<float> expected = gradient_of();
    resets[3] = 0;
    EXPECT_NE(gradient_of(), expected) << cell;
  }
}

// Copies what it is told of at that moment.
class CopyingListener final : public BackwardListener {
 public:
  explicit CopyingListener(const Buffer<float>& gradient)
      : copy(gradient.size()), gradient_(gradient) {}
  void ready(std::size_t begin, std::size_t end) override {
    std::copy(gradient_.data() + begin, gradient_.data() + end, copy.data() + begin);
    if (begin != last_end) starts.push_back(begin);
    ++portions;
    last_end = end;
  }
  void pause() override { ++pauses; }
  Buffer<float> copy;
  std::vector<std::size_t> starts;  // of portions that do not go on where the one before ended
  std::size_t last_end = 0;
  int portions = 0, pauses = 0;

 private:
  const Buffer<float>& gradient_;
};

TEST(Network, TellsOfGradientsAsTheyBecomeFinal) {
  constexpr int lanes = 6, times = 4;
  for (const std::string& cell : cell_names()) {
    ModelShape shape = small_shape(cell);
    shape.hidden = 130;  // panels of two widths
    shape.projection = usual_projection(cell, shape.hidden);
    if (cell != "lstm" && cell != "gru-norm") shape.initial_state = "trained";
    shape.vocabulary = 70;
    const ParameterLayout layout = shape.plan().layout();
    Buffer<float> parameters(layout.size());
    initialize<float>(shape, layout, {.seed = 3}, parameters);
    std::vector<std::int32_t> tokens(lanes * times);
    std::iota(tokens.begin(), tokens.end(), 0);
    const std::vector<std::uint8_t> resets(tokens.size());
    const test::MadeWindow made_window(times, lanes, tokens.data(), tokens.data(), resets.data(),
                                       0);
    const WindowView window(made_window.window, 0);
    const std::vector<TreeNode> roots = {{2, 0}};
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      Network<float> network(shape, layout, parameters.data(), {lanes, times, true});
      network.pack(pool);
      network.forward(window, pool);
      Buffer<float> gradient(shape.plan().gradient_size());
      float* buffers[] = {gradient.data()};
      CopyingListener listener(gradient);
      std::vector<std::size_t> starts;
      for (int stage = network.stages() - 1; stage >= 0; --stage) {
        network.backward(stage, window, {2, 0, 3, roots, buffers}, pool, listener);
        const auto [begin, end] = network.stage_range(stage);
        if (begin == end) continue;
        starts.push_back(begin);
        EXPECT_EQ(listener.last_end, end) << cell << ", stage " << stage;
      }
      EXPECT_EQ(listener.copy, gradient) << cell << ", " << threads << " threads";
      EXPECT_EQ(listener.starts, starts) << cell;
      EXPECT_GT(listener.pauses, times);
      if (threads == 1) {
        EXPECT_GT(listener.portions, 2 * network.stages()) << cell;
      }
    }
  }
}

TEST(Network, ResetsOnlyLanesWhoseStateIsNotFinite) {
  for (const char* cell : {"lstm", "lstm-projected"}) {
    const ModelShape shape = small_shape(cell);
    const ParameterLayout layout = shape.plan().layout();
    Buffer<float> parameters(layout.size());
    Network<float> network(shape, layout, parameters.data(), {2, 1, false});
    const auto outputs = static_cast<std::uint64_t>(shape.outputs());
    NamedState state;
    const std::vector<float> values(2 * 70, 0.25F);
    for (const char* layer : {"0", "1"}) {
      state.put<float>(std::string("rnn.hidden_l") + layer, {values.data(), 2 * outputs},
                       {2, outputs});
      state.put<float>(std::string("rnn.cell_l") + layer, values, {2, 70});
    }
    reinterpret_cast<float*>(state.arrays().at("rnn.cell_l1").bytes.data())[70 + 69] = NAN;
    network.load_state("", state, 0, 2);
    EXPECT_EQ(network.reset_non_finite(), 1);
    NamedState after;
    network.save_state("", after);
    const std::uint64_t rows[] = {2, outputs}, cell_rows[] = {2, 70};
    EXPECT_EQ(after.get<float>("rnn.hidden_l1", rows)[outputs - 1], 0.25F);
    EXPECT_EQ(after.get<float>("rnn.hidden_l1", rows)[outputs], 0.0F);
    EXPECT_EQ(after.get<float>("rnn.cell_l1", cell_rows)[69], 0.25F);
    EXPECT_EQ(after.get<float>("rnn.cell_l1", cell_rows)[139], 0.0F);
  }
}

}  // namespace
}  // namespace rondo
