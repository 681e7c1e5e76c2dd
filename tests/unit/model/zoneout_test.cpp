#include "model/regular/zoneout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "made_window.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "small_shape.hpp"

namespace rondo {
namespace {

constexpr int lanes = 8, times = 5, units = 100;
constexpr PassShape training{lanes, times, true};

WindowView window_from(std::int64_t first_lane) {
  static const test::MadeWindow made(times, lanes, nullptr, nullptr, nullptr, 4);
  return {made.window, first_lane};
}

TEST(Zoneout, KeepsItsShareAndDividesTheGradientAlike) {
  const Panels panels{units};
  constexpr StageIdentity identity{.seed = 9, .number = 1};
  Allocations memory;
  Zoneout<float> zoneout(0.25, identity, Purpose::kept_hidden, panels, training, memory);
  Zoneout<float> of_cell(0.25, identity, Purpose::kept_cell, panels, training, memory);
  Zoneout<float> other_rank(0.25, identity, Purpose::kept_hidden, panels, training, memory);
  const Buffer<float> before(panels.step_size(lanes), 2.0F), made(before.size(), 5.0F);
  int kept = 0, alike = 0;
  for (int t = 0; t < times; ++t) {
    Buffer<float> state = made, other = made, shifted = made, gradient(made.size(), 3.0F);
    gradient[panels.index(1, 7, lanes)] = 1e-19F;
    zoneout.forward(window_from(0), t, {0, lanes}, before.data(), state.data());
    of_cell.forward(window_from(0), t, {0, lanes}, before.data(), other.data());
    other_rank.forward(window_from(3), t, {0, 1}, before.data(), shifted.data());
    zoneout.backward(t, {0, lanes}, gradient.data());
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        const std::size_t i = panels.index(lane, unit, lanes);
        const float whole = lane == 1 && unit == 7 ? 0.0F : 3.0F;
        const bool keeps = state[i] == 2.0F;
        ASSERT_TRUE(keeps || state[i] == 5.0F);
        ASSERT_EQ(gradient[i], keeps ? 0.0F : whole);
        ASSERT_EQ(zoneout.kept()[i], keeps ? whole : 0.0F);
        kept += keeps;
        alike += state[i] == other[i];
      }
    }
    // The mask belongs to the lane of the run, not to its place on this rank.
    for (int unit = 0; unit < units; ++unit) {
      EXPECT_EQ(shifted[panels.index(0, unit, lanes)], state[panels.index(3, unit, lanes)]);
    }
  }
  constexpr double all = lanes * times * units;
  EXPECT_NEAR(kept, 0.25 * all, 3 * std::sqrt(all * 0.25 * 0.75));
  // Two states keep units of their own: alike by chance.
  constexpr double chance = 0.25 * 0.25 + 0.75 * 0.75;
  EXPECT_NEAR(alike, chance * all, 3 * std::sqrt(all * chance * (1 - chance)));
}

// The carried state after a step of one lane that goes on, and of one that begins.
NamedState after_a_step(const ModelShape& shape, bool trains) {
  const ParameterLayout layout = shape.plan().layout();
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, {.seed = 3}, parameters);
  Network<double> network(shape, layout, parameters.data(), {2, 1, trains});
  NamedState state;
  for (const std::string name : {"rnn.hidden_l0", "rnn.cell_l0", "rnn.hidden_l1", "rnn.cell_l1"}) {
    const bool hidden = name.starts_with("rnn.hidden");
    const auto width = static_cast<std::uint64_t>(hidden ? shape.outputs() : shape.hidden);
    state.put<double>(name, std::vector<double>(2 * width, 0.5), {2, width});
  }
  network.load_state("", state, 0, 2);
  ThreadPool pool(1);
  network.pack(pool);
  const std::int32_t tokens[] = {1, 5};
  const std::uint8_t resets[] = {0, 1};
  const test::MadeWindow made_window(1, 2, tokens, tokens, resets, 0);
  const WindowView window(made_window.window, 0);
  network.forward(window, pool);
  network.carry(window);
  NamedState after;
  network.save_state("", after);
  return after;
}

TEST(Zoneout, CarriesWhatItKeeps) {
  ModelShape shape = test::small_shape("lstm");
  shape.hidden = 800;
  shape.zoneout = 0.2;
  shape.zoneout_cell = 0.6;
  const NamedState after = after_a_step(shape, true);
  const std::uint64_t rows[] = {2, 800};
  for (const int layer : {0, 1}) {
    for (const auto& [name, share] : {std::pair("rnn.hidden_l", 0.2), {"rnn.cell_l", 0.6}}) {
      SCOPED_TRACE(name);
      const auto values = after.get<double>(name + std::to_string(layer), rows);
      for (const auto& [lane, before] : {std::pair(0, 0.5), {1, 0.0}}) {
        int kept = 0;
        for (std::size_t unit = 0; unit < 800; ++unit) {
          kept += values[static_cast<std::size_t>(lane) * 800 + unit] == before;
        }
        EXPECT_NEAR(kept, share * 800, 3 * std::sqrt(800 * share * (1 - share))) << lane;
      }
    }
  }
}

// The state that a cell makes is the same with zoneout and without: evaluation takes of it, and of
// the state before, the expectation.
TEST(Zoneout, IsItsExpectationInEvaluation) {
  for (const std::string& cell : cell_names()) {
    SCOPED_TRACE(cell);
    const bool has_cell_state = find_cell<double>(cell).has_cell_state;
    ModelShape shape = test::small_shape(cell);
    shape.layers = 1;
    const NamedState made = after_a_step(shape, false);
    shape.zoneout = 0.2;
    shape.zoneout_cell = has_cell_state ? 0.6 : 0;
    const NamedState after = after_a_step(shape, false);
    const auto expect = [&](const std::string& name, int units, double z) {
      const std::uint64_t rows[] = {2, static_cast<std::uint64_t>(units)};
      const auto values = after.get<double>(name, rows), plain = made.get<double>(name, rows);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double before = i < rows[1] ? 0.5 : 0;
        EXPECT_DOUBLE_EQ(values[i], z * before + (1 - z) * plain[i]) << name << ' ' << i;
      }
    };
    expect("rnn.hidden_l0", shape.outputs(), 0.2);
    if (has_cell_state) expect("rnn.cell_l0", shape.hidden, 0.6);
  }
}

}  // namespace
}  // namespace rondo
