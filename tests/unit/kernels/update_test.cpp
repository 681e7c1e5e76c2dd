#include "rondo/kernels/updates/update.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "comparison.hpp"

namespace rondo::kernels {
namespace {

template <class Real>
struct Weights {
  std::vector<Real> parameters, gradients, first, second;

  explicit Weights(std::size_t count)
      : parameters(normal_values<Real>(count, 30)),
        gradients(normal_values<Real>(count, 31, 0.1)),
        first(normal_values<Real>(count, 32, 0.1)),
        second(normal_values<Real>(count, 33, 0.1)) {
    for (Real& value : second) value *= value;
  }
  void run(const AdamStep<Real>& step) { adam<Real>(step, parameters, gradients, first, second); }
  void run(const SgdStep<Real>& step) { sgd<Real>(step, parameters, gradients, first); }
  void run(const UpdateKernel<Real>& kernel) { kernel.run(parameters, gradients, first, second); }
  void run(const DescentStep<Real>& step) { descend<Real>(step, parameters, gradients); }
  void run(const RootScaledStep<Real>& step) {
    root_scaled<Real>(step, parameters, gradients, second);
  }
};

// Step 3 of rate 0.01, as the optimizer computes the constants.
template <class Real>
AdamStep<Real> adam_step(double weight_decay) {
  return {Real(0.25),
          Real(0.9),
          Real(1 - 0.9),
          Real(0.999),
          Real(1 - 0.999),
          Real(0.01 / (1 - 0.9 * 0.9 * 0.9)),
          Real(1 / std::sqrt(1 - 0.999 * 0.999 * 0.999)),
          Real(1e-8),
          Real(weight_decay)};
}
// The same as AdamW's.
template <class Real>
AdamStep<Real> adamw_step(double weight_decay) {
  AdamStep<Real> step = adam_step<Real>(0);
  step.keep = Real(1 - 0.01 * weight_decay);
  return step;
}

const std::size_t lengths[] = {0, 1, 7, 8, 9, 15, 16, 17, 64, 1003};

template <class Step>
void expect_targets_equal_twin(const Step& step) {
  for (const std::size_t count : lengths) {
    Weights<float> start(count);
    if (count > 5) {
      start.gradients[0] = 1e-30F;
      start.first[0] = start.second[0] = 1e-38F;
      start.gradients[1] = std::numeric_limits<float>::quiet_NaN();
      start.gradients[2] = -std::numeric_limits<float>::infinity();
    }
    Weights<float> expected = start;
    on_reference([&] { expected.run(step); });
    on_each_target([&] {
      Weights<float> weights = start;
      weights.run(step);
      expect_same_bits<float>(weights.parameters, expected.parameters, "parameters");
      expect_same_bits<float>(weights.gradients, expected.gradients, "gradients");
      expect_same_bits<float>(weights.first, expected.first, "first moments");
      expect_same_bits<float>(weights.second, expected.second, "second moments");
    });
  }
}

TEST(Update, EachTargetEqualsTheTwin) {
  expect_targets_equal_twin(adam_step<float>(0));
  expect_targets_equal_twin(adam_step<float>(0.01));
  expect_targets_equal_twin(adamw_step<float>(0.01));
  expect_targets_equal_twin(SgdStep<float>{0.25F, 0.1F, 0.9F, 0.01F});
  expect_targets_equal_twin(SgdStep<float>{0.25F, 0.1F, 0.9F, 0.01F, SgdForm::nesterov});
  expect_targets_equal_twin(RootScaledStep<float>{0.25F, 0.1F, 0.99F, 0.01F, 1e-8F, 0.01F});
  expect_targets_equal_twin(RootScaledStep<float>{0.25F, 0.1F, 1, 1, 1e-8F, 0});
  for (const UpdateKernel<float>& kernel : update_kernels<float>) {
    SCOPED_TRACE(kernel.name);
    expect_targets_equal_twin(kernel);
  }
  expect_targets_equal_twin(DescentStep<float>{0.25F, 0.1F, 0.01F});
}

TEST(Update, AveragesEqualTheTwinOnEachTarget) {
  for (const std::size_t count : lengths) {
    Weights<float> start(count);
    if (count > 5) start.first[2] = std::numeric_limits<float>::quiet_NaN();
    Weights<float> expected = start;
    on_reference([&] { average<float>(0.3F, expected.parameters, expected.first); });
    on_each_target([&] {
      Weights<float> weights = start;
      average<float>(0.3F, weights.parameters, weights.first);
      expect_same_bits<float>(weights.first, expected.first, "averages");
      expect_same_bits<float>(weights.parameters, start.parameters, "parameters");
    });
  }
}

// What stands still is its own average, to the last bit.
TEST(Update, AverageOfWhatStandsStill) {
  Weights<float> weights(100);
  std::vector<float> averages = weights.parameters;
  for (int i = 0; i < 10; ++i) average<float>(0.001F, weights.parameters, averages);
  expect_same_bits<float>(averages, weights.parameters, "averages");
}

// The formulas as torch.optim documents them, in plain double.
TEST(Update, AdamIsTorchsAdam) {
  constexpr double beta1 = 0.9, beta2 = 0.999, rate = 0.01, decay = 0.02;
  Weights<double> weights(20);
  const Weights<double> before = weights;
  weights.run(adam_step<double>(decay));
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * before.gradients[i] + decay * before.parameters[i];
    const double m = beta1 * before.first[i] + (1 - beta1) * g;
    const double v = beta2 * before.second[i] + (1 - beta2) * g * g;
    const double m_hat = m / (1 - std::pow(beta1, 3)), v_hat = v / (1 - std::pow(beta2, 3));
    EXPECT_NEAR(weights.first[i], m, 1e-16);
    EXPECT_NEAR(weights.second[i], v, 1e-16);
    EXPECT_NEAR(weights.parameters[i],
                before.parameters[i] - rate * m_hat / (std::sqrt(v_hat) + 1e-8), 1e-14);
  }
}

TEST(Update, SgdIsTorchsSgd) {
  Weights<double> weights(20);
  const Weights<double> before = weights;
  weights.run(SgdStep<double>{0.25, 0.1, 0.9, 0.02});
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * before.gradients[i] + 0.02 * before.parameters[i];
    const double b = 0.9 * before.first[i] + g;
    EXPECT_NEAR(weights.first[i], b, 1e-15);
    EXPECT_NEAR(weights.parameters[i], before.parameters[i] - 0.1 * b, 1e-15);
  }
}

TEST(Update, DescentIsTorchsSgdWithoutMomentum) {
  Weights<double> weights(20);
  const Weights<double> before = weights;
  weights.run(DescentStep<double>{0.25, 0.1, 0.02});
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * before.gradients[i] + 0.02 * before.parameters[i];
    EXPECT_NEAR(weights.parameters[i], before.parameters[i] - 0.1 * g, 1e-15);
  }
}

TEST(Update, AdamWIsTorchsAdamW) {
  Weights<double> weights(20), plain(20);
  const Weights<double> before = weights;
  weights.run(adamw_step<double>(0.5));
  plain.run(adam_step<double>(0));
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(weights.first[i], plain.first[i]);
    EXPECT_EQ(weights.second[i], plain.second[i]);
    EXPECT_NEAR(weights.parameters[i], plain.parameters[i] - 0.01 * 0.5 * before.parameters[i],
                1e-15);
  }
}

TEST(Update, NesterovIsTorchsNesterov) {
  Weights<double> weights(20);
  const Weights<double> before = weights;
  weights.run(SgdStep<double>{0.25, 0.1, 0.9, 0.02, SgdForm::nesterov});
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * before.gradients[i] + 0.02 * before.parameters[i];
    const double b = 0.9 * before.first[i] + g;
    EXPECT_NEAR(weights.first[i], b, 1e-15);
    EXPECT_NEAR(weights.parameters[i], before.parameters[i] - 0.1 * (g + 0.9 * b), 1e-15);
  }
}

TEST(Update, RootScaledIsTorchsRmsprop) {
  Weights<double> weights(20);
  const Weights<double> before = weights;
  weights.run(RootScaledStep<double>{0.25, 0.1, 0.99, 1 - 0.99, 1e-8, 0.02});
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * before.gradients[i] + 0.02 * before.parameters[i];
    const double v = 0.99 * before.second[i] + (1 - 0.99) * g * g;
    EXPECT_NEAR(weights.second[i], v, 1e-16);
    EXPECT_NEAR(weights.parameters[i], before.parameters[i] - 0.1 * g / (std::sqrt(v) + 1e-8),
                1e-14);
  }
}

TEST(Update, FirstAdamStepMovesByTheRateAgainstTheGradient) {
  Weights<float> weights(50);
  const Weights<float> before = weights;
  std::fill(weights.first.begin(), weights.first.end(), 0.0F);
  std::fill(weights.second.begin(), weights.second.end(), 0.0F);
  const double root = std::sqrt(1 - 0.999);
  weights.run(AdamStep<float>{1, 0.9F, 0.1F, 0.999F, 0.001F, static_cast<float>(0.01 / (1 - 0.9)),
                              static_cast<float>(1 / root), 1e-8F, 0});
  for (std::size_t i = 0; i < 50; ++i) {
    const double move = static_cast<double>(weights.parameters[i]) - before.parameters[i];
    EXPECT_NEAR(move, std::copysign(0.01, -before.gradients[i]), 2e-6) << i;
  }
}

template <class Real>
void expect_flushed_moments() {
  // Moments decay by 0.9 or 0.999 in the step: from the smallest normal they fall below it.
  const Real smallest = std::numeric_limits<Real>::min();
  Weights<Real> weights(3);
  weights.gradients = {0, 0, 0};
  weights.first = {smallest, -smallest, 40 * smallest};
  weights.second = {smallest, 40 * smallest, smallest};
  const std::vector<Real> parameters = weights.parameters;
  weights.run(adam_step<Real>(0));
  EXPECT_TRUE(same_bits(weights.first[0], Real(0)));
  EXPECT_TRUE(same_bits(weights.first[1], Real(0)));
  EXPECT_GT(weights.first[2], 30 * smallest);
  EXPECT_TRUE(same_bits(weights.second[0], Real(0)));
  EXPECT_GT(weights.second[1], 30 * smallest);
  EXPECT_EQ(weights.parameters, parameters);
  weights.first = {smallest, -smallest, 40 * smallest};
  weights.run(SgdStep<Real>{1, Real(0.1), Real(0.9), 0});
  EXPECT_TRUE(same_bits(weights.first[0], Real(0)));
  weights.second[0] = smallest;
  weights.run(RootScaledStep<Real>{1, Real(0.1), Real(0.99), Real(0.01), Real(1e-8), 0});
  EXPECT_TRUE(same_bits(weights.second[0], Real(0)));
  EXPECT_TRUE(same_bits(weights.first[1], Real(0)));
  EXPECT_GT(weights.first[2], 30 * smallest);
}

TEST(Update, MomentsBelowTheSmallestNormalBecomeZero) {
  on_each_target([] { expect_flushed_moments<float>(); });
  on_reference([] { expect_flushed_moments<float>(); });
  expect_flushed_moments<double>();
}

}  // namespace
}  // namespace rondo::kernels
