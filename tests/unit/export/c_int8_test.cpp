#include "export/c/weights/c_int8.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace rondo {
namespace {

// Of many magnitudes, down to those that floats can hardly hold.
std::vector<float> rows() {
  std::vector<float> largest = {1.0F, 0.1F, 3.0F, 127.0F, 1.9999999F, 1e30F, 1e-20F, 1e-39F};
  for (int i = 1; i < 1000; ++i) largest.push_back(std::sqrt(static_cast<float>(i)));
  return largest;
}

TEST(CInt8, HasScalesWhoseProductsAreExact) {
  for (const float largest : rows()) {
    const float scale = int8_scale(std::vector<float>{0.0F, -largest, largest / 3});
    for (int number = -127; number <= 127; ++number) {
      EXPECT_EQ(double{scale * static_cast<float>(number)}, double{scale} * number) << largest;
    }
  }
}

TEST(CInt8, IsHalfAScaleOffAtMost) {
  for (const float largest : rows()) {
    if (largest < 1e-30F) continue;
    const float scale = int8_scale(std::vector<float>{largest});
    EXPECT_LE(scale, largest / 127 * 1.0001F);
    for (int part = -50; part <= 50; ++part) {
      const float weight = largest * static_cast<float>(part) / 50;
      const double off = double{weight} - double{scale} * int8_number(weight, scale);
      EXPECT_LE(std::abs(off), 0.5001 * double{scale}) << weight << " of " << largest;
    }
  }
}

TEST(CInt8, TakesRowsOfNothing) {
  EXPECT_EQ(int8_scale(std::vector<float>{0.0F, -0.0F}), 0.0F);
  EXPECT_EQ(int8_number(-0.0F, 0.0F), 0);
  const float smallest = std::numeric_limits<float>::denorm_min();
  const float scale = int8_scale(std::vector<float>{smallest});
  EXPECT_LE(std::abs(int8_number(smallest, scale)), 127);
}

}  // namespace
}  // namespace rondo
