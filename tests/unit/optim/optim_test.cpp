#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "rondo/optim/clipping.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"

namespace rondo {
namespace {

TEST(Schedule, WarmsUpLinearlyThenStays) {
  OptimizationSettings config;
  config.rate = 0.8;
  config.warmup_steps = 4;
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 0, {100, 0}), 0.2);
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 3, {100, 0}), 0.8);
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 50, {100, 0}), 0.8);
}

TEST(Schedule, CosineFallsFromRateToFinalRate) {
  OptimizationSettings config;
  config.rate = 1.0;
  config.final_rate = 0.1;
  config.schedule = "cosine";
  config.warmup_steps = 10;
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 10, {110, 0}), 1.0);
  EXPECT_NEAR(scheduled_rate(config, 60, {110, 0}), 0.55, 1e-15);
  const double x = 0.3;
  EXPECT_NEAR(scheduled_rate(config, 40, {110, 0}),
              0.1 + 0.9 * (1 + std::cos(std::numbers::pi * x)) / 2, 1e-15);
  EXPECT_NEAR(scheduled_rate(config, 110, {110, 0}), 0.1, 1e-15);
  EXPECT_NEAR(scheduled_rate(config, 500, {110, 0}), 0.1,
              1e-15);  // a run that goes on past its end
}

TEST(Schedule, InverseRootMeetsTheWarmUp) {
  OptimizationSettings config;
  config.rate = 0.5;
  config.schedule = "inverse-root";
  config.warmup_steps = 16;
  const Course length{1000, 0};
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 15, length), 0.5);
  EXPECT_NEAR(scheduled_rate(config, 16, length), 0.5 * std::sqrt(16.0 / 17), 1e-15);
  EXPECT_NEAR(scheduled_rate(config, 63, length), 0.25, 1e-15);
  config.warmup_steps = 0;
  EXPECT_DOUBLE_EQ(scheduled_rate(config, 0, length), 0.5);
  EXPECT_NEAR(scheduled_rate(config, 3, length), 0.25, 1e-15);
}

// Zaremba et al. 2014, the small network: four epochs at rate 1, then half of it each epoch.
TEST(Schedule, StepsDownByEpochs) {
  OptimizationSettings config;
  config.rate = 1.0;
  config.schedule = "step";
  config.decay_after = 4;
  const auto rate_in = [&config](std::int64_t epoch) {
    return scheduled_rate(config, 10 * epoch + 3, {130, epoch});
  };
  EXPECT_EQ(rate_in(3), 1.0);
  EXPECT_EQ(rate_in(4), 0.5);
  EXPECT_EQ(rate_in(5), 0.25);
  EXPECT_EQ(rate_in(12), std::ldexp(1.0, -9));
  config.decay_every = 3;
  config.decay_factor = 0.1;
  EXPECT_EQ(rate_in(6), 0.1);
  EXPECT_NEAR(rate_in(7), 0.01, 1e-17);
}

TEST(Schedule, APlateauDecaysWhenValidationsSaySo) {
  OptimizationSettings config;
  config.rate = 0.8;
  config.schedule = "plateau";
  EXPECT_EQ(scheduled_rate(config, 70, {100, 0, 0}), 0.8);
  EXPECT_EQ(scheduled_rate(config, 70, {100, 0, 3}), 0.1);
}

TEST(Schedule, RefusesAnUnknownName) {
  OptimizationSettings config;
  config.schedule = "cosin";
  EXPECT_THROW(scheduled_rate(config, 1, {10, 0}), InputError);
}

TEST(Clipping, ScalesByTheTargetsAndLimitsTheNorm) {
  const GradientScale free = gradient_scale(16.0, 2.0, 0.0);
  EXPECT_DOUBLE_EQ(free.norm, 2.0);
  EXPECT_DOUBLE_EQ(free.factor, 0.5);
  const GradientScale clipped = gradient_scale(16.0, 2.0, 1.0);
  EXPECT_DOUBLE_EQ(clipped.norm, 2.0);
  EXPECT_DOUBLE_EQ(clipped.factor, 0.5 * (1.0 / (2.0 + 1e-6)));
  EXPECT_DOUBLE_EQ(gradient_scale(16.0, 2.0, 5.0).factor, 0.5);  // below the limit: untouched
}

// After the norm's factor; what is scaled once is not scaled again.
TEST(Clipping, ByValueComesAfterTheNorm) {
  GradientScale scale = gradient_scale(16.0, 2.0, 1.0);
  const double factor = scale.factor;
  Buffer<double> gradients(20);
  gradients[0] = 0.5;
  gradients[1] = 3.0;
  gradients[19] = -4.0;
  ThreadPool pool(2);
  clip_by_value<double>(scale, 0.5, gradients, pool);
  EXPECT_EQ(gradients[0], factor * 0.5);
  EXPECT_EQ(gradients[1], 0.5);
  EXPECT_EQ(gradients[19], -0.5);
  EXPECT_EQ(scale.factor, 1.0);
  EXPECT_EQ(scale.norm, 2.0);  // what is reported
}

TEST(Clipping, AddsTheSegmentsInTheOrderOfTheirNames) {
  ParameterLayout layout;
  Segment segment;
  segment.units = 16;
  for (const char* name : {"c", "a", "b"}) {
    segment.name = name;
    layout.add(segment);
  }
  // Large, small, small: the order of additions shows in the last bit.
  Buffer<double> gradients(layout.size());
  gradients[0] = 1.0;                         // c
  gradients[16] = gradients[32] = 0x1.8p-27;  // a, b
  ThreadPool pool(2);
  const double small = 0x1.2p-53;
  EXPECT_EQ(gradient_squares<double>(layout, gradients, pool), (small + small) + 1.0);
  EXPECT_NE((small + small) + 1.0, (1.0 + small) + small);
}

ParameterLayout layout_of(const std::string& name, int units, int columns) {
  ParameterLayout layout;
  Segment segment;
  segment.name = name;
  segment.units = units;
  segment.columns = columns;
  layout.add(segment);
  return layout;
}

TEST(Optimizer, KeepsItsMomentsAndGoesOnFromThem) {
  const ParameterLayout layout = layout_of("w", 20, 3);
  ThreadPool pool(2);
  for (const std::string& name : optimizer_names()) {
    OptimizationSettings config;
    config.optimizer = name;
    const auto run = [&](bool resume) {
      Buffer<double> parameters(layout.size()), gradients(layout.size());
      auto optimizer = make_optimizer<double>(config, layout);
      for (int update = 1; update <= 4; ++update) {
        for (int row = 0; row < 20; ++row) {
          gradients[layout[0].index(row, update % 3)] = row - 0.5 * update;
        }
        optimizer->step(0.5, 0.01, update, parameters, gradients, pool);
        if (resume && update == 2) {
          NamedState state;
          optimizer->save(layout, state);
          optimizer = make_optimizer<double>(config, layout);
          optimizer->load(layout, state);
        }
      }
      return parameters;
    };
    const Buffer<double> straight = run(false);
    EXPECT_NE(straight, Buffer<double>(layout.size())) << name;
    EXPECT_EQ(run(true), straight) << name;
  }
}

TEST(Optimizer, AdamsFirstStepHasTheSizeOfTheRate) {
  // m / (1 - beta1) = g and v / (1 - beta2) = g^2 after one update, whatever g is.
  OptimizationSettings config;
  const ParameterLayout layout = layout_of("w", 16, 1);
  auto adam = make_optimizer<double>(config, layout);
  Buffer<double> parameters(16), gradients(16);
  gradients[3] = -250.0;
  gradients[4] = 1e-3;
  ThreadPool pool(1);
  adam->step(0.1, 0.01, 1, parameters, gradients, pool);
  EXPECT_NEAR(parameters[3], 0.01, 1e-8);
  EXPECT_NEAR(parameters[4], -0.01, 1e-6);
  EXPECT_EQ(parameters[5], 0.0);
}

TEST(Optimizer, RefusesAnUnknownName) {
  OptimizationSettings config;
  config.optimizer = "adamm";
  EXPECT_THROW(make_optimizer<float>(config, ParameterLayout()), InputError);
}

}  // namespace
}  // namespace rondo
