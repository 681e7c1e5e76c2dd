#include "rondo/kernels/products/packing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "rondo/kernels/products/product.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

// A value that tells where it belongs; exact in float.
float mark(int gate, int unit, int column) {
  return static_cast<float>((gate * 300 + unit) * 300 + column + 1);
}

// A matrix as it is stored; padding is -1.
struct Matrix {
  Matrix(int gates, int unit_count, int columns) : units{unit_count} {
    for (int j = 0; j < units.count(); ++j) {
      for (int gate = 0; gate < gates; ++gate) {
        for (int column = 0; column < columns; ++column) {
          for (int i = 0; i < units.width(j); ++i) {
            values.push_back(i < units.valid(j) ? mark(gate, j * 64 + i, column) : -1.0F);
          }
        }
      }
    }
    stored = {units, gates, columns, values.data()};
  }
  Panels units;
  std::vector<float> values;
  StoredWeights<float> stored;
};

// Shapes on every target, since each has its own strips.
class Packing : public ::testing::TestWithParam<std::tuple<std::string, int, int, int>> {
 protected:
  void SetUp() override { select_target(std::get<0>(GetParam())); }
  void TearDown() override { select_target("auto"); }
};

std::vector<std::string> all_targets() {
  std::vector<std::string> targets = supported_targets();
  targets.emplace_back("reference");
  return targets;
}

INSTANTIATE_TEST_SUITE_P(Shapes, Packing,
                         ::testing::Combine(::testing::ValuesIn(all_targets()),
                                            ::testing::Values(1, 3, 4),
                                            ::testing::Values(1, 16, 17, 64, 65, 130),
                                            ::testing::Values(1, 15, 64, 100, 200)));

TEST_P(Packing, ATransposePutsEveryWeightWhereTheBackwardChainReadsIt) {
  const auto [target, gates, unit_count, columns] = GetParam();
  const Matrix matrix(gates, unit_count, columns);
  const Panels outputs{columns};
  std::vector<float> expected;
  for (int p = 0; p < outputs.count(); ++p) {
    const int strip = weight_strip<float>(outputs.width(p));
    for (int begin = 0; begin < outputs.width(p); begin += strip) {
      for (int gate = 0; gate < gates; ++gate) {
        for (int unit = 0; unit < unit_count; ++unit) {
          for (int i = begin; i < begin + strip; ++i) {
            expected.push_back(i < outputs.valid(p) ? mark(gate, unit, p * 64 + i) : 0.0F);
          }
        }
      }
    }
  }

  // Each panel by itself, the last first, as threads may do.
  std::vector<float> transposed(expected.size(), -2.0F);
  for (int p = outputs.count() - 1; p >= 0; --p) {
    transpose(matrix.stored, transposed.data(), p, p + 1);
  }

  EXPECT_EQ(transposed, expected);
}

TEST_P(Packing, ATableOfRowsTakesTheSameForms) {
  const auto [target, gates, unit_count, columns] = GetParam();
  Matrix matrix(1, unit_count, columns);
  for (float& value : matrix.values) value = value < 0 ? 0.0F : value;
  const Panels units{unit_count}, outputs{columns};
  std::vector<float> table;
  for (int unit = 0; unit < unit_count; ++unit) {
    for (int i = 0; i < outputs.padded(); ++i) {
      table.push_back(i < columns ? mark(0, unit, i) : 0.0F);
    }
  }
  const StoredRows<float> rows{unit_count, columns, table.data()};

  std::vector<float> unfolded(matrix.values.size(), -2.0F);
  for (int j = units.count() - 1; j >= 0; --j) unfold(rows, unfolded.data(), j, j + 1);
  EXPECT_EQ(unfolded, matrix.values);

  std::vector<float> expected(static_cast<std::size_t>(outputs.padded() * unit_count), -2.0F);
  std::vector<float> transposed = expected;
  for (int p = outputs.count() - 1; p >= 0; --p) {
    transpose(matrix.stored, expected.data(), p, p + 1);
    transpose(rows, transposed.data(), p, p + 1);
  }
  EXPECT_EQ(transposed, expected);
}

// Twice what the table has, once in its padding.
TEST_P(Packing, AMatrixIsAddedToATableOfRows) {
  const auto [target, gates, unit_count, columns] = GetParam();
  const Matrix matrix(1, unit_count, columns);
  const Panels units{unit_count}, outputs{columns};
  std::vector<float> table, expected;
  for (int unit = 0; unit < unit_count; ++unit) {
    for (int i = 0; i < outputs.padded(); ++i) {
      table.push_back(i < columns ? mark(0, unit, i) : -3.0F);
      expected.push_back(i < columns ? 2 * mark(0, unit, i) : -3.0F);
    }
  }
  for (int j = units.count() - 1; j >= 0; --j) add_to_rows(matrix.stored, table.data(), j, j + 1);
  EXPECT_EQ(table, expected);
}

TEST_P(Packing, StripsHoldEveryWeightWhereTheForwardChainReadsIt) {
  const auto [target, gates, unit_count, columns] = GetParam();
  const Matrix matrix(gates, unit_count, columns);
  const Panels units{unit_count};
  std::vector<float> expected;
  for (int j = 0; j < units.count(); ++j) {
    const int strip = weight_strip<float>(units.width(j));
    for (int gate = 0; gate < gates; ++gate) {
      for (int begin = 0; begin < units.width(j); begin += strip) {
        for (int column = 0; column < columns; ++column) {
          for (int i = begin; i < begin + strip; ++i) {
            expected.push_back(i < units.valid(j) ? mark(gate, j * 64 + i, column) : -1.0F);
          }
        }
      }
    }
  }

  std::vector<float> packed(expected.size(), -2.0F);
  for (int j = units.count() - 1; j >= 0; --j) {
    pack_strips(matrix.stored, packed.data(), j, j + 1);
  }

  EXPECT_EQ(packed, expected);
}

}  // namespace
}  // namespace rondo::kernels
