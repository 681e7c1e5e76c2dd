#include "rondo/kernels/losses/softmax.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "comparison.hpp"

namespace rondo::kernels {
namespace {

// Random logits for `classes` classes in `lanes` lanes; padding holds 50, larger than any logit.
template <class Real>
struct Case {
  Panels classes;
  int lanes;
  std::vector<Real> logits;
  std::vector<std::int32_t> target;
  std::vector<double> loss;
  double smoothing = 0;

  Case(int units, int lanes_, double scale = 3) : classes{units}, lanes(lanes_) {
    logits = std::vector<Real>(classes.step_size(lanes), Real(50));
    const auto values = normal_values<Real>(static_cast<std::size_t>(units * lanes), 20, scale);
    const RandomStream stream(5, Purpose::test);
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        at(lane, unit) = values[static_cast<std::size_t>(lane * units + unit)];
      }
      target.push_back(static_cast<std::int32_t>(
          stream.below(static_cast<std::uint64_t>(units), static_cast<std::uint64_t>(lane))));
    }
    loss.assign(static_cast<std::size_t>(lanes), 7);
  }
  Real& at(int lane, int unit) { return logits[classes.index(lane, unit, lanes)]; }

  void run(bool gradient, int begin, int end) {
    softmax_cross_entropy<Real>({classes, lanes, begin, end, logits.data(), target.data(),
                                 loss.data(), gradient, nullptr, nullptr,
                                 LabelSmoothing<Real>(smoothing, classes.units)});
  }
  void run(bool gradient = true) { run(gradient, 0, lanes); }
};

const int sizes[] = {1, 2, 15, 16, 17, 63, 64, 65, 100, 256, 4095, 4096, 4097, 9000};

void expect_targets_equal_twin(double smoothing) {
  for (const int units : sizes) {
    for (const bool gradient : {false, true}) {
      SCOPED_TRACE(units);
      // Arrange: a masked lane, far apart logits, NaN and infinities.
      Case<float> start(units, 7, units % 2 == 0 ? 3 : 40);
      start.smoothing = smoothing;
      start.target[2] = -1;
      start.at(3, units / 2) = std::numeric_limits<float>::quiet_NaN();
      start.at(4, units / 3) = -std::numeric_limits<float>::infinity();
      start.at(5, units / 3) = std::numeric_limits<float>::infinity();
      // Act: lanes 1 to 5 alone.
      Case<float> expected = start;
      on_reference([&] { expected.run(gradient, 1, 6); });
      on_each_target([&] {
        Case<float> got = start;
        got.run(gradient, 1, 4);
        got.run(gradient, 4, 6);
        // Assert
        expect_same_bits<float>(got.logits, expected.logits, "logits");
        expect_same_bits<double>(got.loss, expected.loss, "loss");
      });
      EXPECT_EQ(expected.loss[0], 7);
      EXPECT_EQ(expected.loss[6], 7);
    }
  }
}

TEST(Softmax, EachTargetEqualsTheTwin) {
  expect_targets_equal_twin(0);
  expect_targets_equal_twin(0.1);
}

// Part of the classes at a time, from what the pass over all of them left, on any target.
template <class Real>
void expect_the_gradient_by_parts(int units, int part, double smoothing) {
  SCOPED_TRACE(testing::Message() << units << " classes, " << part << " at a time");
  Case<Real> start(units, 7, units % 2 == 0 ? 3 : 40);
  start.target[2] = -1;
  start.at(3, units / 2) = std::numeric_limits<Real>::quiet_NaN();
  start.at(5, units / 3) = std::numeric_limits<Real>::infinity();
  start.smoothing = smoothing;
  const LabelSmoothing<Real> labels(smoothing, units);
  Case<Real> expected = start;
  expected.run();
  std::vector<Real> maximum(7), sum(7);
  Case<Real> got = start;
  softmax_cross_entropy<Real>({got.classes, 7, 0, 7, got.logits.data(), got.target.data(),
                               got.loss.data(), false, maximum.data(), sum.data(), labels});
  expect_same_bits<double>(got.loss, expected.loss, "loss");
  for (int first = 0; first < units; first += part) {
    // A panel of few classes lies as a panel of all does.
    const Panels present{std::min(part, units - first)};
    softmax_gradient<Real>({present, first, 7, 0, 4, &got.at(0, first), got.target.data(),
                            maximum.data(), sum.data(), labels});
    softmax_gradient<Real>({present, first, 7, 4, 7, &got.at(0, first), got.target.data(),
                            maximum.data(), sum.data(), labels});
  }
  expect_same_bits<Real>(got.logits, expected.logits, "gradient");
}

TEST(Softmax, GradientByPartsOfTheClassesIsTheSame) {
  for (const int units : sizes) {
    for (const int part : {64, 192}) {
      for (const double smoothing : {0.0, 0.1}) {
        on_each_target([&] { expect_the_gradient_by_parts<float>(units, part, smoothing); });
        on_reference([&] { expect_the_gradient_by_parts<float>(units, part, smoothing); });
        expect_the_gradient_by_parts<double>(units, part, smoothing);
      }
    }
  }
}

TEST(Softmax, LossIsTheNegativeLogLikelihood) {
  for (const int units : sizes) {
    Case<double> softmax(units, 3);
    Case<double> before = softmax;
    softmax.run();
    for (int lane = 0; lane < 3; ++lane) {
      long double sum = 0;
      for (int unit = 0; unit < units; ++unit) {
        sum += std::exp(static_cast<long double>(before.at(lane, unit)));
      }
      const int target = softmax.target[static_cast<std::size_t>(lane)];
      const long double expected = std::log(sum) - before.at(lane, target);
      EXPECT_NEAR(softmax.loss[static_cast<std::size_t>(lane)], static_cast<double>(expected),
                  1e-13);
    }
  }
}

// Against the definition: cross-entropy with the smoothed distribution.
TEST(Softmax, SmoothedLossIsTheCrossEntropyWithSmoothedLabels) {
  constexpr double epsilon = 0.2;
  for (const int units : sizes) {
    Case<double> softmax(units, 3);
    softmax.smoothing = epsilon;
    const Case<double> before = softmax;
    softmax.run();
    for (int lane = 0; lane < 3; ++lane) {
      const auto logit = [&](int unit) {
        return static_cast<long double>(
            before.logits[before.classes.index(lane, unit, before.lanes)]);
      };
      long double sum = 0, expected = 0;
      for (int unit = 0; unit < units; ++unit) sum += std::exp(logit(unit));
      for (int unit = 0; unit < units; ++unit) {
        const bool is_target = unit == softmax.target[static_cast<std::size_t>(lane)];
        const long double label = epsilon / units + (is_target ? 1 - epsilon : 0);
        expected -= label * (logit(unit) - std::log(sum));
      }
      EXPECT_NEAR(softmax.loss[static_cast<std::size_t>(lane)], static_cast<double>(expected),
                  1e-12);
    }
  }
}

void expect_derivative_of_loss(double smoothing) {
  constexpr double step = 1e-5;
  for (const int units : {1, 5, 70}) {
    Case<double> softmax(units, 2, 1);
    softmax.smoothing = smoothing;
    const Case<double> start = softmax;
    softmax.run();
    for (int lane = 0; lane < 2; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        Case<double> high = start, low = start;
        high.at(lane, unit) += step;
        low.at(lane, unit) -= step;
        high.run(false);
        low.run(false);
        const auto l = static_cast<std::size_t>(lane);
        EXPECT_NEAR(softmax.at(lane, unit), (high.loss[l] - low.loss[l]) / (2 * step), 1e-9);
      }
    }
  }
}

TEST(Softmax, GradientIsTheDerivativeOfTheLoss) {
  expect_derivative_of_loss(0);
  expect_derivative_of_loss(0.1);
}

template <class Real>
void expect_masks_and_padding() {
  Case<Real> softmax(70, 4);
  softmax.target[1] = -1;
  softmax.at(2, 3) = std::numeric_limits<Real>::quiet_NaN();
  softmax.run();
  EXPECT_EQ(softmax.loss[1], 0);
  EXPECT_TRUE(std::isnan(softmax.loss[2]));
  for (int unit = 0; unit < softmax.classes.padded(); ++unit) {
    EXPECT_TRUE(same_bits(softmax.at(1, unit), Real(0)));
    if (unit < 70) continue;
    for (int lane = 0; lane < 4; ++lane) EXPECT_TRUE(same_bits(softmax.at(lane, unit), Real(0)));
  }
}

TEST(Softmax, MaskedLanesAndPaddingAreZero) {
  on_each_target([] { expect_masks_and_padding<float>(); });
  on_reference([] { expect_masks_and_padding<float>(); });
  expect_masks_and_padding<double>();
}

TEST(Softmax, WithoutGradientTheLogitsStay) {
  Case<float> softmax(70, 4);
  const Case<float> before = softmax;
  softmax.target[1] = -1;
  on_each_target([&] { softmax.run(false); });
  expect_same_bits<float>(softmax.logits, before.logits, "logits");
  EXPECT_EQ(softmax.loss[1], 0);
}

TEST(Softmax, SmallProbabilitiesAreZeroAndLargeLogitsAreSafe) {
  const auto expect_safe = [] {
    Case<float> softmax(3, 1);
    softmax.target[0] = 2;
    softmax.at(0, 0) = 3e38F;
    softmax.at(0, 1) = -3e38F;
    softmax.at(0, 2) = 2e38F;
    softmax.run();
    EXPECT_EQ(softmax.at(0, 0), 1);
    EXPECT_TRUE(same_bits(softmax.at(0, 1), 0.0F));
    EXPECT_EQ(softmax.at(0, 2), -1);
    EXPECT_NEAR(softmax.loss[0], 1e38, 1e32);

    Case<float> apart(2, 1);
    apart.target[0] = 0;
    apart.at(0, 0) = 0;
    apart.at(0, 1) = -50;  // exp(-50) is below 2^-60
    apart.run();
    EXPECT_TRUE(same_bits(apart.at(0, 0), 0.0F));
    EXPECT_TRUE(same_bits(apart.at(0, 1), 0.0F));
    EXPECT_EQ(apart.loss[0], 0);
  };
  on_each_target(expect_safe);
  on_reference(expect_safe);
}

}  // namespace
}  // namespace rondo::kernels
