#include <gtest/gtest.h>

#include "rondo/optim/optimizer.hpp"

namespace rondo {
namespace {

// Each segment moves by the rate times its own norm, whatever the gradient's size; one that is all
// zero, by the rate alone.
TEST(Lamb, FirstStepHasTheSizeOfTheRateTimesTheNorm) {
  OptimizationSettings config;
  config.optimizer = "lamb";
  ParameterLayout layout;
  Segment segment;
  segment.units = 16;
  for (const char* name : {"large", "small", "zero"}) {
    segment.name = name;
    layout.add(segment);
  }
  auto lamb = make_optimizer<double>(config, layout);
  Buffer<double> parameters(48), gradients(48);
  for (std::size_t i = 0; i < 48; ++i) {
    parameters[i] = i < 16 ? 3.0 : i < 32 ? 0.01 : 0.0;
    gradients[i] = i % 2 == 0 ? 100.0 : -0.001;
  }
  ThreadPool pool(2);
  lamb->step(0.5, 0.1, 1, parameters, gradients, pool);
  for (std::size_t i = 0; i < 48; ++i) {
    // The direction is +-1 for each parameter: a segment's has the norm 4, as 16 ones have.
    const double before = i < 16 ? 3.0 : i < 32 ? 0.01 : 0.0;
    const double size = before == 0 ? 0.1 : 0.1 * before;
    EXPECT_NEAR(parameters[i], i % 2 == 0 ? before - size : before + size, 1e-4 * size) << i;
  }
}

// Without gradients, weight decay alone is the direction: its norm cancels out.
TEST(Lamb, DecaysByTheRate) {
  OptimizationSettings config;
  config.optimizer = "lamb";
  config.weight_decay = 0.03;
  ParameterLayout layout;
  Segment segment;
  segment.name = "w";
  segment.units = 16;
  segment.columns = 2;
  layout.add(segment);
  auto lamb = make_optimizer<double>(config, layout);
  Buffer<double> parameters(layout.size(), 2.0), gradients(layout.size());
  ThreadPool pool(1);
  lamb->step(1, 0.25, 1, parameters, gradients, pool);
  for (const double value : parameters) EXPECT_NEAR(value, 1.5, 1e-15);
}

}  // namespace
}  // namespace rondo
