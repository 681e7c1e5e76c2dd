#include "rondo/kernels/transpose.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace rondo::kernels {
namespace {

// A value that tells where it belongs; exact in float.
float mark(int gate, int unit, int column) {
  return static_cast<float>((gate * 300 + unit) * 300 + column + 1);
}

class Transpose : public ::testing::TestWithParam<std::tuple<int, int, int>> {};
INSTANTIATE_TEST_SUITE_P(Shapes, Transpose,
                         ::testing::Combine(::testing::Values(1, 3, 4),
                                            ::testing::Values(1, 16, 17, 64, 65, 130),
                                            ::testing::Values(1, 15, 64, 100, 200)));

TEST_P(Transpose, PutsEveryWeightWhereTheBackwardChainReadsIt) {
  const auto [gates, unit_count, columns] = GetParam();
  const Panels units{unit_count};
  const Panels outputs{columns};
  std::vector<float> weights;
  for (int j = 0; j < units.count(); ++j) {
    for (int gate = 0; gate < gates; ++gate) {
      for (int column = 0; column < columns; ++column) {
        for (int i = 0; i < units.width(j); ++i) {
          weights.push_back(i < units.valid(j) ? mark(gate, j * 64 + i, column) : -1.0F);
        }
      }
    }
  }
  std::vector<float> expected;
  for (int p = 0; p < outputs.count(); ++p) {
    for (int gate = 0; gate < gates; ++gate) {
      for (int unit = 0; unit < unit_count; ++unit) {
        for (int i = 0; i < outputs.width(p); ++i) {
          expected.push_back(i < outputs.valid(p) ? mark(gate, unit, p * 64 + i) : 0.0F);
        }
      }
    }
  }

  // Each panel by itself, the last first, as threads may do.
  std::vector<float> transposed(expected.size(), -2.0F);
  for (int p = outputs.count() - 1; p >= 0; --p) {
    transpose(units, gates, columns, weights.data(), transposed.data(), p, p + 1);
  }

  EXPECT_EQ(transposed, expected);
}

}  // namespace
}  // namespace rondo::kernels
