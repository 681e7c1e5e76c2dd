#include "model/recurrent/pieces/initial_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "made_window.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "small_shape.hpp"
#include "test_name.hpp"

namespace rondo {
namespace {

ModelShape trained_shape(const std::string& cell) {
  ModelShape shape = test::small_shape(cell);
  shape.initial_state = "trained";
  return shape;
}

Segment vector_of(int units) {
  Segment segment;
  segment.name = "rnn.initial_hidden_l0";
  segment.units = units;
  segment.vector = true;
  return segment;
}

TEST(InitialState, LanesThatBeginGetItAndItsGradientIsTheirs) {
  constexpr int lanes = 4, units = 70;
  ParameterLayout layout;
  const std::size_t position = layout.add(vector_of(units));
  const Segment& segment = layout[position];
  Buffer<float> parameters(layout.size());
  for (int unit = 0; unit < units; ++unit) {
    parameters[segment.offset + segment.index(unit, 0)] = static_cast<float>(unit) + 0.5F;
  }
  parameters[segment.offset + segment.index(3, 0)] = 1e-19F;  // of no account as a state
  const Panels panels{units};
  Allocations memory;
  InitialState<float> initial(&segment, parameters.data(), panels, {lanes, 2, true}, memory);
  const std::uint8_t resets[] = {1, 1, 0, 1};
  const Buffer<float> filled(panels.step_size(lanes), 9.0F);
  Buffer<float> state = filled, gradient = filled;
  initial.set(0, resets, {1, lanes}, state.data());
  initial.take_gradient(0, resets, {0, lanes}, Buffer<float>(filled).data());
  initial.take_gradient(1, resets, {0, lanes}, gradient.data());
  for (int lane = 0; lane < lanes; ++lane) {
    for (int unit = 0; unit < units; ++unit) {
      const std::size_t i = panels.index(lane, unit, lanes);
      const float first = unit == 3 ? 0.0F : static_cast<float>(unit) + 0.5F;
      EXPECT_EQ(initial.at(unit), first);
      EXPECT_EQ(state[i], lane == 1 || lane == 3 ? first : 9.0F);
      EXPECT_EQ(gradient[i], resets[lane] != 0 ? 0.0F : 9.0F);
    }
  }
  // Two blocks of two lanes: three rows of 9 each step are there.
  Buffer<float> left(layout.size()), right(layout.size());
  float* buffers[] = {left.data(), right.data()};
  const std::vector<TreeNode> roots = {{0, 0}, {0, 1}};
  for (int j = 0; j < panels.count(); ++j) {
    initial.gradient_job(j, TimeOrder{2}, {2, 0, 2, roots, buffers});
  }
  for (int unit = 0; unit < units; ++unit) {
    EXPECT_EQ(left[segment.offset + segment.index(unit, 0)], 36.0F);
    EXPECT_EQ(right[segment.offset + segment.index(unit, 0)], 18.0F);
  }
}

TEST(InitialState, IsZeroAtFirstWhateverTheRule) {
  for (const std::string& cell : cell_names()) {
    const ModelShape shape = trained_shape(cell);
    const ParameterLayout layout = shape.plan().layout();
    Buffer<double> drawn(layout.size()), within(layout.size());
    initialize<double>(shape, layout, {.seed = 3}, drawn);
    initialize_within<double>(layout, 0.1, 3, within);
    int states = 0;
    for (const Segment& segment : layout.segments()) {
      if (!segment.name.starts_with("rnn.initial")) continue;
      ++states;
      const bool hidden = segment.name.starts_with("rnn.initial_hidden");
      EXPECT_EQ(segment.units, hidden ? shape.outputs() : shape.hidden);
      EXPECT_EQ(segment.shape().size(), 1U);
      for (std::size_t i = segment.offset; i < segment.offset + segment.size; ++i) {
        EXPECT_EQ(drawn[i], 0.0);
        EXPECT_EQ(within[i], 0.0);
      }
    }
    EXPECT_EQ(states, find_cell<double>(cell).has_cell_state ? 4 : 2) << cell;
  }
}

class TrainedNetwork : public testing::TestWithParam<std::string> {
 protected:
  TrainedNetwork()
      : shape(trained_shape(GetParam())), layout(shape.plan().layout()), parameters(layout.size()) {
    initialize<float>(shape, layout, {.seed = 3}, parameters);
    for (const Segment& segment : layout.segments()) {
      if (!segment.name.starts_with("rnn.initial")) continue;
      for (int unit = 0; unit < segment.units; ++unit) {
        parameters[segment.offset + segment.index(unit, 0)] = 0.01F * static_cast<float>(unit);
      }
    }
  }

  // Logits at the last step of a lane's tokens.
  std::vector<float> logits(const std::vector<std::int32_t>& tokens,
                            const std::vector<std::uint8_t>& resets) {
    const auto times = static_cast<int>(tokens.size());
    Network<float> network(shape, layout, parameters.data(), {1, times, false});
    const test::MadeWindow window(times, 1, tokens.data(), tokens.data(), resets.data());
    network.forward(window, pool);
    std::vector<float> values(static_cast<std::size_t>(shape.vocabulary));
    network.outputs(times - 1, 0, values);
    return values;
  }

  ModelShape shape;
  ParameterLayout layout;
  Buffer<float> parameters;
  ThreadPool pool{1};
};

TEST_P(TrainedNetwork, EvaluatesEachDocumentFromIt) {
  const std::vector<float> alone = logits({5, 3}, {1, 0});
  EXPECT_EQ(logits({1, 8, 5, 3}, {1, 0, 1, 0}), alone);
  EXPECT_NE(logits({1, 8, 5, 3}, {1, 0, 0, 0}), alone);
  for (const Segment& segment : layout.segments()) {
    if (!segment.name.starts_with("rnn.initial")) continue;
    const Buffer<float> kept = parameters;
    std::fill_n(parameters.data() + segment.offset, segment.size, 0.0F);
    EXPECT_NE(logits({5, 3}, {1, 0}), alone) << segment.name;
    parameters = kept;
  }
}

TEST_P(TrainedNetwork, GoesBackToItWhereAStateIsNotFinite) {
  Network<float> network(shape, layout, parameters.data(), {2, 1, false});
  NamedState state;
  network.save_state("", state);
  auto* hidden = reinterpret_cast<float*>(state.arrays().at("rnn.hidden_l1").bytes.data());
  hidden[2 * shape.outputs() - 1] = NAN;
  network.load_state("", state, 0, 2);
  EXPECT_EQ(network.reset_non_finite(), 1);
  NamedState after;
  network.save_state("", after);
  for (const auto& [name, array] : after.arrays()) {
    const bool other_layer = name.ends_with("l0");
    const bool of_hidden = name.starts_with("rnn.hidden");
    const auto width = static_cast<std::size_t>(of_hidden ? shape.outputs() : shape.hidden);
    const std::uint64_t rows[] = {2, width};
    const auto values = after.get<float>(name, rows);
    for (std::size_t unit = 0; unit < width; ++unit) {
      EXPECT_EQ(values[unit], 0.0F) << name;
      const float first = 0.01F * static_cast<float>(unit);
      EXPECT_EQ(values[width + unit], other_layer ? 0.0F : first) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, TrainedNetwork, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

}  // namespace
}  // namespace rondo
