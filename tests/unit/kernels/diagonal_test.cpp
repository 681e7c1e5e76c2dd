#include "rondo/kernels/products/diagonal.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "comparison.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo::kernels {
namespace {

// Lanes of blocks [first, last) of `blocks`.
struct Case {
  int width, times, block;
  std::int64_t first, last, blocks;
};
const Case cases[] = {
    {16, 1, 1, 0, 1, 1}, {32, 3, 2, 0, 5, 5}, {48, 5, 3, 2, 7, 11}, {64, 4, 16, 0, 4, 4}};

template <class Real>
struct Data {
  explicit Data(const Case& c_)
      : c(c_),
        lanes(static_cast<std::size_t>(c.last - c.first) * static_cast<std::size_t>(c.block)),
        step(lanes * static_cast<std::size_t>(c.width)),
        source(normal_values<Real>(step * static_cast<std::size_t>(c.times), 1)),
        gradient(normal_values<Real>(source.size(), 2)),
        resets(lanes * static_cast<std::size_t>(c.times)),
        roots(tree_roots(c.first, c.last, c.blocks)) {
    for (std::size_t i = 0; i < resets.size(); ++i) resets[i] = i % 5 == 1;
  }

  template <class Sum>
  void describe(Sum& sum, std::span<Real* const> outs) const {
    sum.source = source.data();
    sum.source_stride = step;
    sum.gradient_stride = step;
    sum.width = c.width;
    sum.times = c.times;
    sum.block = c.block;
    sum.first_block = c.first;
    sum.blocks = c.blocks;
    sum.roots = roots;
    sum.outs = outs;
  }
  std::vector<std::vector<Real>> outputs(std::size_t size) const {
    return std::vector<std::vector<Real>>(roots.size(), std::vector<Real>(size, Real(7)));
  }
  static std::vector<Real*> pointers(std::vector<std::vector<Real>>& values) {
    std::vector<Real*> all;
    for (auto& value : values) all.push_back(value.data());
    return all;
  }

  std::vector<std::vector<Real>> result(bool with_resets, bool ascending) const {
    auto values = outputs(static_cast<std::size_t>(c.width));
    const std::vector<Real*> outs = pointers(values);
    DiagonalSum<Real> sum;
    describe(sum, outs);
    sum.gradient = gradient.data();
    sum.ascending = ascending;
    if (with_resets) {
      sum.reset = resets.data();
      sum.reset_stride = lanes;
    }
    accumulate_diagonal(sum);
    return values;
  }

  // The same chains stand in the diagonal of a whole matrix's gradient.
  std::vector<std::vector<Real>> expected(bool with_resets, bool ascending) const {
    Data changed = *this;
    for (std::size_t row = 0; with_resets && row < resets.size(); ++row) {
      if (resets[row] == 0) continue;
      std::fill_n(changed.source.begin() + static_cast<std::ptrdiff_t>(row) * c.width, c.width,
                  Real{0});
    }
    const auto width = static_cast<std::size_t>(c.width);
    auto matrices = outputs(width * width);
    const std::vector<Real*> outs = pointers(matrices);
    const Stretch chain{0, c.width, c.width};
    OuterSum<Real> sum;
    changed.describe(sum, outs);
    sum.ascending = ascending;
    const Real* const gradients[] = {gradient.data()};
    sum.gradients = gradients;
    sum.chain = {&chain, 1};
    accumulate_outer(sum);
    auto values = outputs(width);
    for (std::size_t root = 0; root < roots.size(); ++root) {
      for (std::size_t u = 0; u < width; ++u) values[root][u] = matrices[root][u * width + u];
    }
    return values;
  }

  Case c;
  std::size_t lanes, step;
  std::vector<Real> source, gradient;
  std::vector<std::uint8_t> resets;
  std::vector<TreeNode> roots;
};

template <class Real>
void expect_diagonals() {
  for (const Case& c : cases) {
    for (const int variant : {0, 1, 2, 3}) {
      const bool with_resets = variant % 2 == 1, ascending = variant >= 2;
      SCOPED_TRACE(fmt::format("width {}, {} times, block {}, resets {}, ascending {}", c.width,
                               c.times, c.block, with_resets, ascending));
      const Data<Real> data(c);
      const auto values = data.result(with_resets, ascending);
      const auto expected = data.expected(with_resets, ascending);
      for (std::size_t root = 0; root < values.size(); ++root) {
        expect_same_bits<Real>(values[root], expected[root], fmt::format("root {}", root));
      }
    }
  }
}

TEST(AccumulateDiagonal, IsTheDiagonalOfAccumulateOuter) {
  on_each_target(expect_diagonals<float>);
  on_reference(expect_diagonals<float>);
  expect_diagonals<double>();
}

}  // namespace
}  // namespace rondo::kernels
