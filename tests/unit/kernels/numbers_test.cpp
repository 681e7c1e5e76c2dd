#include "rondo/kernels/losses/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "comparison.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

constexpr int lanes = 3;
constexpr float none = std::numeric_limits<float>::quiet_NaN();

std::vector<NumberLoss> all_losses() {
  std::vector<NumberLoss> losses;
  for (const auto kind : {NumberLossKind::squared, NumberLossKind::absolute, NumberLossKind::huber,
                          NumberLossKind::gaussian, NumberLossKind::quantile}) {
    losses.push_back({kind, 0.7, {}});
    if (kind == NumberLossKind::quantile) losses.back().quantiles = {0.1, 0.5, 0.95};
  }
  return losses;
}

// Random outputs and targets; lane 1's first target is masked, and all of lane 2's.
template <class Real>
struct Case {
  const NumberLoss& of;
  int width;
  std::vector<Real> outputs;
  std::vector<float> target;
  std::vector<double> loss = std::vector<double>(lanes, 7);

  Case(const NumberLoss& loss_of, int numbers) : of(loss_of), width(numbers) {
    outputs.assign(panels().step_size(lanes), Real(50));
    target = normal_values<float>(static_cast<std::size_t>(lanes * width), 3);
    const auto drawn = normal_values<Real>(static_cast<std::size_t>(lanes * panels().units), 8);
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < panels().units; ++unit) {
        at(lane, unit) = drawn[static_cast<std::size_t>(lane * panels().units + unit)];
      }
    }
    target[static_cast<std::size_t>(width)] = none;
    for (int i = 0; i < width; ++i) target[static_cast<std::size_t>(2 * width + i)] = none;
  }
  Panels panels() const { return {width * of.parts()}; }
  Real& at(int lane, int unit) { return outputs[panels().index(lane, unit, lanes)]; }
  float x(int lane, int i) const { return target[static_cast<std::size_t>(lane * width + i)]; }
  void run(bool gradient) {
    number_loss<Real>(
        {&of, width, lanes, 0, lanes, outputs.data(), target.data(), loss.data(), gradient});
  }
};

// As the formulas have it.
double expected_loss(Case<double>& test, int lane, int i) {
  const NumberLoss& of = test.of;
  const double x = test.x(lane, i), d = test.at(lane, i) - x;
  switch (of.kind) {
    case NumberLossKind::squared:
      return d * d;
    case NumberLossKind::absolute:
      return std::abs(d);
    case NumberLossKind::huber:
      return std::abs(d) <= of.delta ? d * d / 2 : of.delta * (std::abs(d) - of.delta / 2);
    case NumberLossKind::gaussian: {
      const double deviation = std::exp(test.at(lane, test.width + i));
      return std::log(deviation * std::sqrt(2 * std::numbers::pi)) +
             d * d / (2 * deviation * deviation);
    }
    case NumberLossKind::quantile:
      break;
  }
  double sum = 0;
  for (int p = 0; p < of.parts(); ++p) {
    const double e = x - test.at(lane, p * test.width + i);
    const double q = of.quantiles[static_cast<std::size_t>(p)];
    sum += std::max(q * e, (q - 1) * e);
  }
  return sum / of.parts();
}

TEST(NumberLoss, IsItsFormulaAndItsGradientTheSlope) {
  set_float_mode();
  for (const NumberLoss& of : all_losses()) {
    for (const int width : {1, 2, 40}) {
      SCOPED_TRACE(testing::Message() << static_cast<int>(of.kind) << ' ' << width);
      Case<double> test(of, width), gradients(of, width);
      test.run(false);
      gradients.run(true);
      EXPECT_EQ(test.loss, gradients.loss);
      for (int lane = 0; lane < lanes; ++lane) {
        double loss = 0;
        for (int i = 0; i < width; ++i) {
          if (!std::isnan(test.x(lane, i))) loss += expected_loss(test, lane, i);
        }
        EXPECT_NEAR(test.loss[static_cast<std::size_t>(lane)], loss, 1e-12 * (1 + loss));
        for (int unit = 0; unit < test.panels().units; ++unit) {
          Case<double> above(of, width), below(of, width);
          constexpr double h = 1e-5;
          above.at(lane, unit) += h;
          below.at(lane, unit) -= h;
          above.run(false);
          below.run(false);
          const auto at = static_cast<std::size_t>(lane);
          EXPECT_NEAR(gradients.at(lane, unit), (above.loss[at] - below.loss[at]) / (2 * h), 1e-7);
        }
        for (int unit = test.panels().units; unit < test.panels().padded(); ++unit) {
          EXPECT_EQ(gradients.at(lane, unit), 0);
        }
      }
    }
  }
}

TEST(NumberLoss, OfFloatIsThatOfDoubleRounded) {
  set_float_mode();
  for (const NumberLoss& of : all_losses()) {
    Case<float> narrow(of, 2);
    Case<double> wide(of, 2);
    for (int unit = 0; unit < wide.panels().units; ++unit) {
      for (int lane = 0; lane < lanes; ++lane) {
        wide.at(lane, unit) = static_cast<double>(narrow.at(lane, unit));
      }
    }
    narrow.run(true);
    wide.run(true);
    EXPECT_EQ(narrow.loss, wide.loss);
    for (int unit = 0; unit < wide.panels().units; ++unit) {
      EXPECT_EQ(narrow.at(0, unit), static_cast<float>(wide.at(0, unit)));
    }
  }
}

TEST(NumberLoss, MasksByTheTargetAloneAndKeepsANaNThatIsSaid) {
  set_float_mode();
  for (const NumberLoss& of : all_losses()) {
    Case<float> test(of, 1);
    test.at(0, 0) = none;                                    // said, of a target that is there
    test.at(2, 0) = std::numeric_limits<float>::infinity();  // said, of one that is masked
    test.run(true);
    EXPECT_TRUE(std::isnan(test.loss[0])) << static_cast<int>(of.kind);
    EXPECT_TRUE(std::isnan(test.at(0, 0)));
    for (const int lane : {1, 2}) {
      EXPECT_TRUE(same_bits(test.loss[static_cast<std::size_t>(lane)], 0.0));
      for (int unit = 0; unit < test.panels().padded(); ++unit) {
        EXPECT_TRUE(same_bits(test.at(lane, unit), 0.0F));
      }
    }
  }
}

TEST(NumberLoss, HasFixedSlopesWhereThereIsNone) {
  set_float_mode();
  for (const NumberLoss& of : all_losses()) {
    if (of.kind == NumberLossKind::gaussian) continue;
    Case<float> test(of, 1);
    for (int p = 0; p < of.parts(); ++p) test.at(0, p) = test.x(0, 0);
    test.run(true);
    for (int p = 0; p < of.parts(); ++p) EXPECT_TRUE(same_bits(test.at(0, p), 0.0F));
  }
  // A deviation beyond the clamp has the clamp's loss, and no slope.
  const NumberLoss gaussian{NumberLossKind::gaussian};
  for (const float side : {-1.0F, 1.0F}) {
    Case<double> at(gaussian, 1), beyond(gaussian, 1);
    at.at(0, 1) = static_cast<double>(side) * most_log_deviation;
    beyond.at(0, 1) = 1000 * static_cast<double>(side);
    at.run(true);
    beyond.run(true);
    EXPECT_EQ(at.loss[0], beyond.loss[0]);
    EXPECT_EQ(at.at(0, 0), beyond.at(0, 0));
    EXPECT_EQ(beyond.at(0, 1), 0);
  }
}

}  // namespace
}  // namespace rondo::kernels
