#include <gtest/gtest.h>

#include <algorithm>

#include "comparison.hpp"
#include "kernels/math/tree_fold.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo::kernels {
namespace {

// The sum of terms by the definition (ARITHMETIC: "Sums within a vector"), on core's block tree.
double tree_total(std::vector<double> values) {
  std::vector<TreeNode> nodes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    nodes.push_back({0, static_cast<std::int64_t>(i)});
  }
  const std::size_t root =
      tree_sum(nodes, static_cast<std::int64_t>(values.size()),
               [&](std::size_t into, std::size_t from) { values[into] += values[from]; });
  return values[root];
}

template <class Real, class Term>
double defined_sum(std::span<const Real> values, Term term) {
  if (values.empty()) return 0;
  std::vector<double> chunks;
  for (std::size_t begin = 0; begin < values.size(); begin += 4096) {
    std::vector<double> accumulators(64);
    for (std::size_t i = begin; i < std::min(begin + 4096, values.size()); ++i) {
      double& accumulator = accumulators[(i - begin) % 64];
      accumulator = term(accumulator, static_cast<double>(values[i]));
    }
    chunks.push_back(tree_total(accumulators));
  }
  return tree_total(chunks);
}

const std::size_t lengths[] = {0,    1,    63,   64,    65,    1000,  4095,
                               4096, 4097, 8192, 12289, 20480, 28672, 100003};

template <class Real>
void expect_defined_squares() {
  for (const std::size_t count : lengths) {
    const std::vector<Real> values = normal_values<Real>(count, 5);
    const double expected =
        defined_sum<Real>(values, [](double sum, double x) { return std::fma(x, x, sum); });
    EXPECT_EQ(sum_of_squares(std::span<const Real>(values)), expected) << count;
  }
}

TEST(Sums, SumOfSquaresFollowsTheDefinedOrder) {
  on_each_target([] { expect_defined_squares<float>(); });
  on_reference([] { expect_defined_squares<float>(); });
  expect_defined_squares<double>();
}

TEST(Sums, SumFollowsTheDefinedOrder) {
  const auto expect_defined = [] {
    for (const std::size_t count : lengths) {
      const std::vector<double> values = normal_values<double>(count, 6);
      const double expected =
          defined_sum<double>(values, [](double sum, double x) { return sum + x; });
      EXPECT_EQ(sum(values), expected) << count;
    }
  };
  on_each_target(expect_defined);
  on_reference(expect_defined);
}

TEST(Sums, FloatsAreSquaredInDouble) {
  const std::vector<float> values = {1e30F, 1e-30F};  // in float: infinity and 0
  const double square = static_cast<double>(1e30F) * static_cast<double>(1e30F);
  EXPECT_EQ(sum_of_squares(std::span<const float>(values)), square);
}

TEST(Sums, PaddingDoesNotChangeASum) {
  // Any length of zeros behind a vector joins as +0: the stored padding of a segment is harmless.
  std::vector<double> values = normal_values<double>(4096 + 70, 7);
  const double expected = sum(values);
  values.resize(4096 + 128);
  EXPECT_EQ(sum(values), expected);
}

TEST(Sums, NanAndInfinityReachTheTotal) {
  std::vector<float> values(5000, 1.0F);
  values[4999] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isinf(sum_of_squares(std::span<const float>(values))));
  values[17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(sum_of_squares(std::span<const float>(values))));
}

TEST(TreeFold, EqualsTheBlockTreeForEveryCount) {
  for (int count = 1; count <= 70; ++count) {
    const std::vector<double> values = normal_values<double>(static_cast<std::size_t>(count), 8);
    TreeFold<double> fold;
    for (const double value : values) fold.push(value);
    EXPECT_EQ(fold.total(), tree_total(values)) << count;
  }
  EXPECT_EQ(TreeFold<double>().total(), 0);
}

}  // namespace
}  // namespace rondo::kernels
