#include <gtest/gtest.h>

#include <cmath>

#include "comparison.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo::kernels {
namespace {

// The paper's algorithm 2 up to the trust ratio.
TEST(Lamb, DirectionIsThePapers) {
  constexpr double decay = 0.02;
  const auto weights = normal_values<double>(20, 30),
             gradients = normal_values<double>(20, 31, 0.1);
  const auto first = normal_values<double>(20, 32, 0.1);
  auto second = normal_values<double>(20, 33, 0.1);
  for (double& value : second) value *= value;
  // Step 3, as the optimizer computes the constants.
  const double rest1 = 1 - std::pow(0.9, 3), rest2 = 1 - std::pow(0.999, 3);
  const AdamStep<double> step{
      0.25, 0.9, 1 - 0.9, 0.999, 1 - 0.999, 1 / rest1, 1 / std::sqrt(rest2), 1e-8, decay};
  auto direction = gradients, m_after = first, v_after = second;
  lamb_direction<double>(step, weights, direction, m_after, v_after);
  for (std::size_t i = 0; i < 20; ++i) {
    const double g = 0.25 * gradients[i];
    const double m = 0.9 * first[i] + (1 - 0.9) * g;
    const double v = 0.999 * second[i] + (1 - 0.999) * g * g;
    EXPECT_NEAR(direction[i], m / rest1 / (std::sqrt(v / rest2) + 1e-8) + decay * weights[i],
                1e-12);
  }
}

}  // namespace
}  // namespace rondo::kernels
