#include "model/regular/penalty.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "made_window.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

constexpr int lanes = 4, times = 5, units = 70;
constexpr double weight = 1.5;

// Outputs of a window with masked targets and resets.
struct Outputs {
  Outputs() : values(stride * times), targets(lanes * times), resets(lanes * times) {
    const RandomStream random(3, Purpose::test);
    for (int t = 0; t < times; ++t) {
      for (int lane = 0; lane < lanes; ++lane) {
        for (int unit = 0; unit < units; ++unit) {
          const std::size_t i = at(t, lane, unit);
          values[i] = random.normal(i);
        }
      }
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
      targets[i] = i % 5 == 3 ? -1 : 1;
      resets[i] = i % 7 == 4 ? 1 : 0;
    }
  }
  std::size_t at(int t, int lane, int unit) const {
    return static_cast<std::size_t>(t) * stride + panels.index(lane, unit, lanes);
  }
  test::MadeWindow window() const { return {times, lanes, nullptr, targets.data(), resets.data()}; }

  // The penalty's definition.
  double cost(PenaltyKind kind) const {
    double sum = 0;
    for (int t = 0; t < times; ++t) {
      for (int lane = 0; lane < lanes; ++lane) {
        const auto row = static_cast<std::size_t>(t * lanes + lane);
        if (targets[row] < 0) continue;
        for (int unit = 0; unit < units; ++unit) {
          const double h = values[at(t, lane, unit)];
          if (kind == PenaltyKind::activation) {
            sum += h * h;
          } else if (t > 0 && resets[row] == 0) {
            const double change = h - values[at(t - 1, lane, unit)];
            sum += change * change;
          }
        }
      }
    }
    return weight / units * sum;
  }

  Panels panels{units};
  std::size_t stride = panels.step_size(lanes);
  Buffer<double> values;
  std::vector<std::int32_t> targets;
  std::vector<std::uint8_t> resets;
};

class PenaltyTest : public testing::TestWithParam<PenaltyKind> {};

TEST_P(PenaltyTest, AddsItsDerivativeToTheGradient) {
  Outputs outputs;
  Buffer<double> gradient(outputs.values.size(), 0.25);
  Penalty<double> penalty(GetParam(), weight, 1,
                          {outputs.values.data(), outputs.stride, outputs.panels},
                          {gradient.data(), outputs.stride, outputs.panels}, {lanes, times, true});
  BackwardListener nobody;
  penalty.backward(outputs.window(), {0, 1}, nobody);
  penalty.backward(outputs.window(), {1, lanes}, nobody);

  constexpr double step = 1e-5;
  for (int t = 0; t < times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; unit += 23) {
        const std::size_t i = outputs.at(t, lane, unit);
        const double kept = outputs.values[i];
        outputs.values[i] = kept + step;
        const double above = outputs.cost(GetParam());
        outputs.values[i] = kept - step;
        const double below = outputs.cost(GetParam());
        outputs.values[i] = kept;
        EXPECT_NEAR(gradient[i] - 0.25, (above - below) / (2 * step), 1e-8)
            << t << ", " << lane << ", " << unit;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, PenaltyTest,
                         testing::Values(PenaltyKind::activation, PenaltyKind::temporal));

}  // namespace
}  // namespace rondo
