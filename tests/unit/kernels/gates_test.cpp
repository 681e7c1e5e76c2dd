#include "rondo/kernels/gates/gates.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "comparison.hpp"

namespace rondo::kernels {
namespace {

template <class Real>
using Cell = CellKernels<Real>;

// One panel of one step with random contents; arrays [lane][width], slots one after another.
template <class Real>
struct Panel {
  static constexpr int lanes = 6;
  int width, valid;
  std::vector<std::uint8_t> reset = {0, 1, 0, 0, 1, 0};
  std::vector<std::uint8_t> reset_next = {0, 0, 1, 0, 1, 0};
  std::vector<Real> gates, previous_hidden, previous_cell, diagonals;
  std::vector<Real> hidden, state, cell;
  std::vector<Real> hidden_gradient, cell_gradient, from_above, next_hidden_gradient;

  Panel(int width_, int valid_) : width(width_), valid(valid_) {
    const std::size_t size = static_cast<std::size_t>(width) * lanes;
    gates = normal_values<Real>(4 * size, 10, 1.5);
    previous_hidden = normal_values<Real>(size, 11, 0.5);
    previous_cell = normal_values<Real>(size, 12);
    hidden_gradient = normal_values<Real>(size, 13);
    cell_gradient = normal_values<Real>(size, 14);
    from_above = normal_values<Real>(size, 15);
    diagonals = normal_values<Real>(3 * static_cast<std::size_t>(width), 16);
    hidden = state = cell = next_hidden_gradient = std::vector<Real>(size, Real(7));
  }

  std::size_t stride() const { return static_cast<std::size_t>(width) * lanes; }
  std::size_t at(int lane, int unit) const { return static_cast<std::size_t>(lane * width + unit); }

  void forward(const Cell<Real>& cell_, int lane_begin = 0, int lane_end = lanes) {
    cell_.forward({width, valid, lane_begin, lane_end, gates.data(), stride(), reset.data(),
                   reset_next.empty() ? nullptr : reset_next.data(), previous_hidden.data(),
                   previous_cell.data(), hidden.data(), state.data(), cell.data(),
                   diagonals.data()});
  }
  void backward(const Cell<Real>& cell_, int lane_begin = 0, int lane_end = lanes) {
    cell_.backward({width, valid, lane_begin, lane_end, gates.data(), stride(), reset.data(),
                    previous_hidden.data(), previous_cell.data(), cell.data(),
                    hidden_gradient.data(), cell_gradient.data(),
                    from_above.empty() ? nullptr : from_above.data(), next_hidden_gradient.data(),
                    diagonals.data()});
  }

  // Everything a kernel may write.
  std::vector<std::vector<Real>> outputs() const {
    return {gates, hidden, state, cell, cell_gradient, next_hidden_gradient};
  }
};

struct Shape {
  int width, valid;
};
const Shape shapes[] = {{16, 1}, {16, 16}, {32, 23}, {48, 37}, {64, 50}, {64, 64}};

template <class Real>
void expect_same_outputs(const Panel<Real>& panel, const Panel<Real>& expected) {
  const auto values = panel.outputs(), wanted = expected.outputs();
  for (std::size_t i = 0; i < values.size(); ++i) {
    expect_same_bits<Real>(values[i], wanted[i], "output " + std::to_string(i));
  }
}

TEST(Gates, EachTargetEqualsTheTwin) {
  for (const Cell<float>& cell : cell_kernels<float>) {
    for (const Shape shape : shapes) {
      for (const bool edge : {false, true}) {  // a window's edge: no next step, nothing from above
        SCOPED_TRACE(fmt::format("{} {}/{} {}", cell.name, shape.valid, shape.width, edge));
        // Arrange: values of all sizes, NaN and infinity among them.
        Panel<float> start(shape.width, shape.valid);
        for (std::size_t i = 0; i < start.gates.size(); i += 7) start.gates[i] *= 30;
        for (std::size_t i = 0; i < start.gates.size(); i += 11) start.gates[i] *= 1e-19F;
        start.gates[start.at(2, 0)] = std::numeric_limits<float>::quiet_NaN();
        start.gates[start.at(3, 0)] = std::numeric_limits<float>::infinity();
        start.hidden_gradient[start.at(1, 0)] = 1e-19F;
        start.cell_gradient[start.at(4, 0)] = std::numeric_limits<float>::quiet_NaN();
        if (edge) {
          start.reset_next.clear();
          start.from_above.clear();
        }
        // Act: lanes 1 to 4; the others must stay as they were.
        Panel<float> expected = start;
        on_reference([&] {
          expected.forward(cell, 1, 5);
          expected.backward(cell, 1, 5);
        });
        on_each_target([&] {
          Panel<float> panel = start;
          panel.forward(cell, 1, 3);
          panel.forward(cell, 3, 5);
          panel.backward(cell, 1, 5);
          // Assert
          expect_same_outputs(panel, expected);
        });
        for (int unit = 0; unit < shape.width; ++unit) {
          EXPECT_EQ(expected.hidden[expected.at(0, unit)], 7);
          EXPECT_EQ(expected.hidden[expected.at(5, unit)], 7);
        }
      }
    }
  }
}

// The scalar that the numeric check differentiates: sum of w_h h + w_c c over valid units.
double objective(Panel<double> panel, const Cell<double>& cell, bool with_cell) {
  panel.forward(cell);
  double total = 0;
  for (int lane = 0; lane < panel.lanes; ++lane) {
    for (int unit = 0; unit < panel.valid; ++unit) {
      const std::size_t at = panel.at(lane, unit);
      total += panel.hidden_gradient[at] * panel.hidden[at];
      if (with_cell) total += panel.cell_gradient[at] * panel.cell[at];
    }
  }
  return total;
}

TEST(Gates, BackwardIsTheDerivativeOfForward) {
  constexpr double step = 1e-6;
  for (const Cell<double>& cell : cell_kernels<double>) {
    SCOPED_TRACE(cell.name);
    const bool lstm = cell.has_cell_state;
    const Panel<double> start(16, 5);
    Panel<double> panel = start;
    panel.from_above.clear();
    panel.forward(cell);
    panel.backward(cell);
    const auto derivative = [&](std::vector<double> Panel<double>::*input, std::size_t i) {
      Panel<double> high = start, low = start;
      (high.*input)[i] += step;
      (low.*input)[i] -= step;
      return (objective(high, cell, lstm) - objective(low, cell, lstm)) / (2 * step);
    };
    for (int lane = 0; lane < panel.lanes; ++lane) {
      for (int unit = 0; unit < panel.valid; ++unit) {
        const std::size_t at = panel.at(lane, unit);
        for (int slot = 0; slot < cell.slots; ++slot) {
          const std::size_t i = static_cast<std::size_t>(slot) * panel.stride() + at;
          EXPECT_NEAR(panel.gates[i], derivative(&Panel<double>::gates, i), 1e-8) << slot;
        }
        // A reset lane's previous values must not matter, forward or backward.
        if (lstm) {
          EXPECT_NEAR(panel.cell_gradient[at], derivative(&Panel<double>::previous_cell, at), 1e-8);
        }
        const double through_hidden = derivative(&Panel<double>::previous_hidden, at);
        EXPECT_NEAR(panel.next_hidden_gradient[at], through_hidden, 1e-8);
        if (panel.reset[static_cast<std::size_t>(lane)] != 0) {
          EXPECT_EQ(panel.next_hidden_gradient[at], 0);
          if (lstm) {
            EXPECT_EQ(panel.cell_gradient[at], 0);
          }
        }
      }
    }
  }
}

TEST(Gates, NextStateIsTheOutputUnlessTheNextStepIsReset) {
  for (const Cell<float>& cell : cell_kernels<float>) {
    Panel<float> panel(16, 9);
    panel.forward(cell);
    for (int lane = 0; lane < panel.lanes; ++lane) {
      const bool reset = panel.reset_next[static_cast<std::size_t>(lane)] != 0;
      for (int unit = 0; unit < panel.width; ++unit) {
        const std::size_t at = panel.at(lane, unit);
        EXPECT_TRUE(same_bits(panel.state[at], reset ? 0.0F : panel.hidden[at])) << cell.name;
      }
    }
  }
}

TEST(Gates, PaddingComesOutAsPositiveZero) {
  const auto expect_zero_padding = [] {
    for (const Cell<float>& cell : cell_kernels<float>) {
      SCOPED_TRACE(cell.name);
      Panel<float> panel(48, 33);
      const bool lstm = cell.has_cell_state;
      const auto expect_zero = [&](const std::vector<float>& values, std::size_t offset) {
        for (int lane = 0; lane < panel.lanes; ++lane) {
          for (int unit = panel.valid; unit < panel.width; ++unit) {
            EXPECT_TRUE(same_bits(values[offset + panel.at(lane, unit)], 0.0F));
          }
        }
      };
      const auto expect_slots_zero = [&] {
        for (int slot = 0; slot < cell.slots; ++slot) {
          expect_zero(panel.gates, static_cast<std::size_t>(slot) * panel.stride());
        }
      };
      panel.forward(cell);
      expect_slots_zero();
      expect_zero(panel.hidden, 0);
      expect_zero(panel.state, 0);
      if (lstm) expect_zero(panel.cell, 0);
      panel.backward(cell);
      expect_slots_zero();
      expect_zero(panel.next_hidden_gradient, 0);
      if (lstm) expect_zero(panel.cell_gradient, 0);
    }
  };
  on_each_target(expect_zero_padding);
  on_reference(expect_zero_padding);
}

TEST(Gates, GradientFromAboveStartsTheNextChain) {
  for (const Cell<float>& cell : cell_kernels<float>) {
    if (cell.keeps_hidden) continue;  // adds its own term: checked numerically
    Panel<float> panel(16, 16);
    panel.from_above[0] = 1e-30F;
    panel.forward(cell);
    panel.backward(cell);
    EXPECT_EQ(panel.next_hidden_gradient[0], 0) << cell.name;
    for (std::size_t i = 1; i < panel.from_above.size(); ++i) {
      EXPECT_EQ(panel.next_hidden_gradient[i], panel.from_above[i]) << cell.name;
    }
  }
}

TEST(Gates, NextHiddenGradientMayReplaceTheHiddenGradient) {
  for (const Cell<float>& cell : cell_kernels<float>) {
    Panel<float> apart(32, 23);
    apart.forward(cell);
    Panel<float> same = apart;
    apart.backward(cell);
    same.next_hidden_gradient.swap(same.hidden_gradient);
    cell.backward({same.width, same.valid, 0, same.lanes, same.gates.data(), same.stride(),
                   same.reset.data(), same.previous_hidden.data(), same.previous_cell.data(),
                   same.cell.data(), same.next_hidden_gradient.data(), same.cell_gradient.data(),
                   same.from_above.data(), same.next_hidden_gradient.data(),
                   same.diagonals.data()});
    expect_same_outputs(same, apart);
  }
}

TEST(Gates, SmallValuesAreWrittenAsZeroAndNanStays) {
  const auto expect_flushed = [] {
    for (const Cell<float>& cell : cell_kernels<float>) {
      SCOPED_TRACE(cell.name);
      Panel<float> panel(16, 16);
      std::fill(panel.gates.begin(), panel.gates.end(), 1e-25F);
      std::fill(panel.previous_cell.begin(), panel.previous_cell.end(), 1e-25F);
      std::fill(panel.previous_hidden.begin(), panel.previous_hidden.end(), 1e-25F);
      panel.gates[4] = std::numeric_limits<float>::quiet_NaN();
      // Just below the limit: their sum in GRU's chain would be above it.
      std::fill(panel.hidden_gradient.begin(), panel.hidden_gradient.end(), 8e-19F);
      std::fill(panel.cell_gradient.begin(), panel.cell_gradient.end(), 1e-25F);
      std::fill(panel.from_above.begin(), panel.from_above.end(), 8e-19F);
      panel.forward(cell);
      EXPECT_TRUE(std::isnan(panel.hidden[4]));
      EXPECT_TRUE(same_bits(panel.hidden[0], 0.0F));
      EXPECT_TRUE(same_bits(panel.state[0], 0.0F));
      panel.backward(cell);
      EXPECT_TRUE(same_bits(panel.gates[0], 0.0F));
      EXPECT_TRUE(same_bits(panel.next_hidden_gradient[0], 0.0F));
      if (cell.has_cell_state) {
        EXPECT_TRUE(same_bits(panel.cell[0], 0.0F));
        EXPECT_TRUE(same_bits(panel.cell_gradient[0], 0.0F));
      }
    }
  };
  on_each_target(expect_flushed);
  on_reference(expect_flushed);
}

}  // namespace
}  // namespace rondo::kernels
