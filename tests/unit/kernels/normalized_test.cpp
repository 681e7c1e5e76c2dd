#include "rondo/kernels/normalized/normalized.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "comparison.hpp"
#include "kernels/normalized/lane_vector.hpp"

namespace rondo::kernels {
namespace {

template <class Real>
using Cell = NormalizedKernels<Real>;

// One step with random contents.
template <class Real>
struct Step {
  static constexpr int lanes = 6;
  Cell<Real> cell_kind;
  Panels units;
  std::vector<std::uint8_t> reset = {0, 1, 0, 0, 1, 0};
  std::vector<std::uint8_t> reset_next = {0, 0, 1, 0, 1, 0};
  std::vector<Real> gains, biases, gates, previous_hidden, previous_cell;
  std::vector<Real> normal, activated, scales, hidden, state, cell;
  std::vector<Real> hidden_gradient, cell_gradient, from_above, next_hidden_gradient;

  Step(const Cell<Real>& kind, int unit_count) : cell_kind(kind), units{unit_count} {
    const std::size_t size = units.step_size(lanes);
    const auto vectors = static_cast<std::size_t>(kind.vectors);
    const std::size_t weights = vectors * static_cast<std::size_t>(units.padded());
    gains = normal_values<Real>(weights, 30);
    biases = normal_values<Real>(weights, 31, 0.5);
    gates = normal_values<Real>(static_cast<std::size_t>(kind.slots) * size, 32, 3);
    previous_hidden = normal_values<Real>(size, 33, 0.5);
    previous_cell = normal_values<Real>(size, 34);
    hidden_gradient = normal_values<Real>(size, 35);
    cell_gradient = normal_values<Real>(size, 36);
    from_above = normal_values<Real>(size, 37);
    normal = activated = std::vector<Real>(vectors * size, Real(7));
    scales = std::vector<Real>(vectors * lanes, Real(7));
    hidden = state = cell = next_hidden_gradient = std::vector<Real>(size, Real(7));
  }

  void forward(int lane_begin = 0, int lane_end = lanes) {
    cell_kind.forward({units, lanes, lane_begin, lane_end, gains.data(), biases.data(),
                       gates.data(), normal.data(), activated.data(), scales.data(), reset.data(),
                       reset_next.empty() ? nullptr : reset_next.data(), previous_hidden.data(),
                       previous_cell.data(), hidden.data(), state.data(), cell.data()});
  }
  void backward(int lane_begin = 0, int lane_end = lanes) {
    backward(lane_begin, lane_end, hidden_gradient.data(), next_hidden_gradient.data());
  }
  void backward(int lane_begin, int lane_end, const Real* gradient, Real* next) {
    cell_kind.backward({units, lanes, lane_begin, lane_end, gains.data(), gates.data(),
                        normal.data(), activated.data(), scales.data(), reset.data(),
                        previous_hidden.data(), previous_cell.data(), gradient,
                        cell_gradient.data(), from_above.empty() ? nullptr : from_above.data(),
                        next});
  }

  // Everything a kernel may write.
  std::vector<std::vector<Real>> outputs() const {
    return {gates, normal,        activated,           scales, hidden, state,
            cell,  cell_gradient, next_hidden_gradient};
  }
};

template <class Real>
void expect_same_outputs(const Step<Real>& step, const Step<Real>& expected) {
  const auto values = step.outputs(), wanted = expected.outputs();
  for (std::size_t i = 0; i < values.size(); ++i) {
    expect_same_bits<Real>(values[i], wanted[i], "output " + std::to_string(i));
  }
}

TEST(Normalized, EachTargetEqualsTheTwin) {
  for (const Cell<float>& cell : normalized_kernels<float>) {
    for (const int units : {1, 5, 16, 50, 64, 65, 150, 263, 4096, 4200}) {
      for (const bool edge : {false, true}) {  // a window's edge: no next step, nothing from above
        SCOPED_TRACE(fmt::format("{} {} {}", cell.name, units, edge));
        // Arrange: values of all sizes, NaN and infinity among them; padding that is not 0.
        Step<float> start(cell, units);
        for (std::size_t i = 0; i < start.gates.size(); i += 7) start.gates[i] *= 30;
        for (std::size_t i = 0; i < start.gates.size(); i += 11) start.gates[i] *= 1e-19F;
        const auto row = static_cast<std::size_t>(start.units.width(0));
        start.gates[2 * row] = std::numeric_limits<float>::quiet_NaN();
        start.gates[3 * row] = std::numeric_limits<float>::infinity();
        start.hidden_gradient[row] = 1e-19F;
        start.cell_gradient[4 * row] = std::numeric_limits<float>::quiet_NaN();
        if (edge) {
          start.reset_next.clear();
          start.from_above.clear();
        }
        // Act: lanes 1 to 4; the others must stay as they were.
        Step<float> expected = start;
        on_reference([&] {
          expected.forward(1, 5);
          expected.backward(1, 5);
        });
        on_each_target([&] {
          Step<float> step = start;
          step.forward(1, 3);
          step.forward(3, 5);
          step.backward(1, 5);
          // Assert
          expect_same_outputs(step, expected);
        });
        for (const int lane : {0, 5}) {
          const LaneVector<const float> untouched{expected.hidden.data(), expected.units,
                                                  Step<float>::lanes, lane};
          for (int unit = 0; unit < units; ++unit) EXPECT_EQ(untouched[unit], 7);
        }
      }
    }
  }
}

TEST(Normalized, VectorsHaveMeanZeroAndVarianceOne) {
  for (const Cell<double>& cell : normalized_kernels<double>) {
    Step<double> step(cell, 263);
    step.forward();
    for (int lane = 0; lane < step.lanes; ++lane) {
      for (int number = 0; number < cell.vectors; ++number) {
        const LaneVector<const double> n{step.normal.data(), step.units, step.lanes, lane,
                                         cell.vectors,       number};
        double sum = 0, squares = 0;
        for (int unit = 0; unit < 263; ++unit) {
          sum += n[unit];
          squares += n[unit] * n[unit];
        }
        EXPECT_NEAR(sum, 0, 1e-11) << cell.name;
        // 1 but for epsilon, of which a scale s tells: var = 1 / s^2 - 1e-5.
        const double scale = step.scales[static_cast<std::size_t>(number * step.lanes + lane)];
        EXPECT_NEAR(squares / 263, 1 - 1e-5 * scale * scale, 1e-12) << cell.name;
      }
    }
  }
}

// The scalar that the numeric check differentiates: sum of w_h h + w_c c over valid units.
double objective(Step<double> step) {
  step.forward();
  double total = 0;
  for (int lane = 0; lane < step.lanes; ++lane) {
    for (int unit = 0; unit < step.units.units; ++unit) {
      const std::size_t at = step.units.index(lane, unit, step.lanes);
      total += step.hidden_gradient[at] * step.hidden[at];
      if (step.cell_kind.has_cell_state()) total += step.cell_gradient[at] * step.cell[at];
    }
  }
  return total;
}

double derivative(const Step<double>& start, std::vector<double> Step<double>::*input,
                  std::size_t i) {
  constexpr double distance = 1e-6;
  Step<double> high = start, low = start;
  (high.*input)[i] += distance;
  (low.*input)[i] -= distance;
  return (objective(high) - objective(low)) / (2 * distance);
}

// Of the sums, the biases and gains, and what the step started from.
TEST(Normalized, BackwardIsTheDerivativeOfForward) {
  constexpr double tolerance = 1e-8;
  for (const Cell<double>& cell : normalized_kernels<double>) {
    SCOPED_TRACE(cell.name);
    const Step<double> start(cell, 5);
    Step<double> step = start;
    step.from_above.clear();
    step.forward();
    step.backward();
    const auto row = static_cast<std::size_t>(step.units.width(0));
    const std::size_t size = row * Step<double>::lanes;
    for (std::size_t unit = 0; unit < 5; ++unit) {
      for (std::size_t number = 0; number < static_cast<std::size_t>(cell.vectors); ++number) {
        double bias = 0, gain = 0;
        for (std::size_t lane = 0; lane < Step<double>::lanes; ++lane) {
          const std::size_t at = number * size + lane * row + unit;
          bias += step.activated[at];
          gain += step.activated[at] * step.normal[at];
        }
        const std::size_t at = number * row + unit;
        EXPECT_NEAR(bias, derivative(start, &Step<double>::biases, at), tolerance);
        EXPECT_NEAR(gain, derivative(start, &Step<double>::gains, at), tolerance);
      }
      for (std::size_t lane = 0; lane < Step<double>::lanes; ++lane) {
        const std::size_t at = lane * row + unit;
        for (std::size_t slot = 0; slot < static_cast<std::size_t>(cell.slots); ++slot) {
          const std::size_t i = slot * size + at;
          EXPECT_NEAR(step.gates[i], derivative(start, &Step<double>::gates, i), tolerance);
        }
        // A reset lane's previous values must not matter, forward or backward.
        const bool lstm = cell.has_cell_state();
        if (lstm) {
          EXPECT_NEAR(step.cell_gradient[at], derivative(start, &Step<double>::previous_cell, at),
                      tolerance);
        }
        const double through = lstm ? 0 : derivative(start, &Step<double>::previous_hidden, at);
        EXPECT_NEAR(step.next_hidden_gradient[at], through, tolerance);
        if (step.reset[lane] != 0) {
          EXPECT_EQ(step.next_hidden_gradient[at], 0);
          if (lstm) {
            EXPECT_EQ(step.cell_gradient[at], 0);
          }
        }
      }
    }
  }
}

TEST(Normalized, NextStateIsTheOutputUnlessTheNextStepIsReset) {
  for (const Cell<float>& cell : normalized_kernels<float>) {
    Step<float> step(cell, 9);
    step.forward();
    for (int lane = 0; lane < step.lanes; ++lane) {
      const bool reset = step.reset_next[static_cast<std::size_t>(lane)] != 0;
      for (int unit = 0; unit < step.units.width(0); ++unit) {
        const auto at = static_cast<std::size_t>(lane * step.units.width(0) + unit);
        EXPECT_TRUE(same_bits(step.state[at], reset ? 0.0F : step.hidden[at])) << cell.name;
      }
    }
  }
}

TEST(Normalized, PaddingComesOutAsPositiveZero) {
  const auto expect_zero_padding = [] {
    for (const Cell<float>& cell : normalized_kernels<float>) {
      SCOPED_TRACE(cell.name);
      Step<float> step(cell, 97);
      const auto expect_zero = [&](const std::vector<float>& values, int count) {
        for (int number = 0; number < count; ++number) {
          for (int lane = 0; lane < step.lanes; ++lane) {
            const LaneVector<const float> vector{values.data(), step.units, step.lanes,
                                                 lane,          count,      number};
            for (int u = step.units.valid(1); u < step.units.width(1); ++u) {
              EXPECT_TRUE(same_bits(vector.panel(1)[u], 0.0F));
            }
          }
        }
      };
      step.forward();
      expect_zero(step.normal, cell.vectors);
      expect_zero(step.activated, cell.vectors);
      expect_zero(step.hidden, 1);
      expect_zero(step.state, 1);
      if (cell.has_cell_state()) expect_zero(step.cell, 1);
      step.backward();
      expect_zero(step.gates, cell.slots);
      expect_zero(step.activated, cell.vectors);
      expect_zero(step.next_hidden_gradient, 1);
      if (cell.has_cell_state()) expect_zero(step.cell_gradient, 1);
    }
  };
  on_each_target(expect_zero_padding);
  on_reference(expect_zero_padding);
}

TEST(Normalized, NextHiddenGradientMayReplaceTheHiddenGradient) {
  for (const Cell<float>& cell : normalized_kernels<float>) {
    Step<float> apart(cell, 87);
    apart.forward();
    Step<float> same = apart;
    apart.backward();
    same.next_hidden_gradient.swap(same.hidden_gradient);
    same.backward(0, same.lanes, same.next_hidden_gradient.data(),
                  same.next_hidden_gradient.data());
    expect_same_outputs(same, apart);
  }
}

TEST(Normalized, SmallValuesAreWrittenAsZeroAndNanStays) {
  const auto expect_flushed = [] {
    for (const Cell<float>& cell : normalized_kernels<float>) {
      SCOPED_TRACE(cell.name);
      Step<float> step(cell, 16);
      std::fill(step.gates.begin(), step.gates.end(), 1e-25F);
      for (auto* zero : {&step.biases, &step.previous_cell, &step.previous_hidden}) {
        std::fill(zero->begin(), zero->end(), 0.0F);
      }
      step.gates[4] = std::numeric_limits<float>::quiet_NaN();
      std::fill(step.hidden_gradient.begin(), step.hidden_gradient.end(), 8e-19F);
      std::fill(step.cell_gradient.begin(), step.cell_gradient.end(), 1e-25F);
      std::fill(step.from_above.begin(), step.from_above.end(), 8e-19F);
      step.forward();
      EXPECT_TRUE(std::isnan(step.hidden[0]));  // of the NaN's lane, all units
      const std::size_t other = 3 * 16;         // of another, none
      EXPECT_TRUE(same_bits(step.normal[other], 0.0F));
      EXPECT_TRUE(same_bits(step.hidden[other], 0.0F));
      step.backward();
      EXPECT_TRUE(same_bits(step.activated[other], 0.0F));
      EXPECT_TRUE(same_bits(step.next_hidden_gradient[other], 0.0F));
      if (cell.has_cell_state()) {
        EXPECT_TRUE(same_bits(step.cell_gradient[other], 0.0F));
      }
    }
  };
  on_each_target(expect_flushed);
  on_reference(expect_flushed);
}

}  // namespace
}  // namespace rondo::kernels
