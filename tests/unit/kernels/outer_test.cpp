// accumulate_outer against a tree of chains written out naively, on every target of this machine
// and on the twin.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

template <class Real>
std::vector<Real> random_values(std::size_t size, std::uint64_t seed) {
  const RandomStream stream(seed, Purpose::test);
  std::vector<Real> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = static_cast<Real>((i % 5 == 0 ? 16.0 : 1.0) * (2.0 * stream.uniform(i) - 1.0));
  }
  return values;
}

// Lanes of blocks [first, last) of `blocks`.
struct OuterCase {
  int width, units, times, block;
  std::int64_t first, last, blocks;
  bool ascending;
  int panels = 1;
};

std::string describe(const OuterCase& c) {
  return "width " + std::to_string(c.width) + ", units " + std::to_string(c.units) + ", times " +
         std::to_string(c.times) + ", block " + std::to_string(c.block) + ", blocks [" +
         std::to_string(c.first) + ", " + std::to_string(c.last) + ") of " +
         std::to_string(c.blocks) + ", panels " + std::to_string(c.panels) +
         (c.ascending ? ", ascending" : ", descending");
}

template <class Real>
struct OuterData {
  explicit OuterData(const OuterCase& c)
      : c(c),
        lanes(static_cast<int>(c.last - c.first) * c.block),
        units{c.units},
        source(random_values<Real>(units.step_size(lanes) * c.times, 1)),
        gradient(random_values<Real>(gradients_size() * c.panels, 2)),
        roots(tree_roots(c.first, c.last, c.blocks)) {
    for (int j = 0; j < units.count(); ++j) {
      chain.push_back({units.offset(j, lanes), units.width(j), units.valid(j)});
    }
  }

  std::size_t size() const { return static_cast<std::size_t>(c.units) * c.width; }
  std::size_t gradients_size() const {  // of a panel
    return static_cast<std::size_t>(c.width) * lanes * c.times;
  }

  std::vector<std::vector<Real>> result() const {
    std::vector<std::vector<Real>> values(roots.size() * c.panels,
                                          std::vector<Real>(size(), Real(7)));
    std::vector<Real*> outs;
    for (auto& value : values) outs.push_back(value.data());
    std::vector<const Real*> gradients;
    for (int panel = 0; panel < c.panels; ++panel) {
      gradients.push_back(gradient.data() + panel * gradients_size());
    }
    OuterSum<Real> sum;
    sum.chain = chain;
    sum.source = source.data();
    sum.source_stride = units.step_size(lanes);
    sum.gradients = gradients;
    sum.gradient_stride = static_cast<std::size_t>(c.width) * lanes;
    sum.width = c.width;
    sum.times = c.times;
    sum.ascending = c.ascending;
    sum.block = c.block;
    sum.first_block = c.first;
    sum.blocks = c.blocks;
    sum.roots = roots;
    sum.outs = outs;
    accumulate_outer(sum);
    return values;
  }

  // One element of one block: the definition.
  Real chain_of(int panel, std::int64_t block, int k, int unit) const {
    Real sum = 0;
    for (int step = 0; step < c.times; ++step) {
      const int t = c.ascending ? step : c.times - 1 - step;
      for (int i = 0; i < c.block; ++i) {
        const int lane = static_cast<int>(block - c.first) * c.block + i;
        const auto at = static_cast<std::size_t>((t * lanes + lane) * c.width + unit);
        sum = std::fma(gradient[panel * gradients_size() + at],
                       source[t * units.step_size(lanes) + units.index(lane, k, lanes)], sum);
      }
    }
    return sum;
  }

  Real node(int panel, TreeNode at, int k, int unit) const {
    if (at.level == 0) return chain_of(panel, at.index, k, unit);
    const Real left = node(panel, {at.level - 1, 2 * at.index}, k, unit);
    const TreeNode right{at.level - 1, 2 * at.index + 1};
    return right.first() < c.blocks ? left + node(panel, right, k, unit) : left;
  }

  std::vector<std::vector<Real>> expected() const {
    std::vector<std::vector<Real>> values;
    for (const TreeNode& root : roots) {
      for (int panel = 0; panel < c.panels; ++panel) {
        std::vector<Real> value;
        for (int k = 0; k < c.units; ++k) {
          for (int unit = 0; unit < c.width; ++unit) value.push_back(node(panel, root, k, unit));
        }
        values.push_back(value);
      }
    }
    return values;
  }

  OuterCase c;
  int lanes;
  Panels units;
  std::vector<Real> source, gradient;
  std::vector<TreeNode> roots;
  std::vector<Stretch> chain;
};

template <class Real>
void expect_definition(const OuterCase& c) {
  const OuterData<Real> data(c);
  const auto result = data.result();
  const auto expected = data.expected();
  ASSERT_EQ(result.size(), expected.size());
  for (std::size_t root = 0; root < result.size(); ++root) {
    ASSERT_EQ(std::memcmp(result[root].data(), expected[root].data(), data.size() * sizeof(Real)),
              0)
        << describe(c) << ", root " << root;
  }
}

std::vector<OuterCase> cases() {
  std::vector<OuterCase> list;
  for (int width : {16, 32, 48, 64}) {
    for (int units : {1, 7, 15, 16, 17, 65, 100}) {
      list.push_back({width, units, 3, 5, 0, 2, 2, false});
    }
  }
  for (std::int64_t blocks = 1; blocks <= 7; ++blocks) {
    for (bool ascending : {false, true}) {
      list.push_back({32, 20, 4, 3, 0, blocks, blocks, ascending});
    }
  }
  // A rank's part of a run: several roots.
  list.push_back({16, 9, 2, 4, 1, 6, 7, false});
  list.push_back({16, 9, 2, 4, 3, 7, 7, true});
  list.push_back({64, 70, 2, 1, 5, 11, 16, false});
  // Chains longer than the chunks in which they are computed.
  list.push_back({48, 33, 21, 16, 0, 3, 3, false});
  list.push_back({16, 12, 3, 100, 0, 1, 1, true});
  list.push_back({16, 12, 150, 1, 0, 2, 2, false});
  // Several panels, over one group of inputs and over more than are worked on at a time.
  for (int panels = 2; panels <= static_cast<int>(most_outer_panels); ++panels) {
    list.push_back({64, 70, 9, 16, 0, 3, 3, false, panels});
    list.push_back({32, 300, 3, 5, 1, 6, 7, true, panels});
  }
  return list;
}

class OuterOnTarget : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { select_target(GetParam()); }
  void TearDown() override { select_target("auto"); }
};
std::vector<std::string> targets_and_reference() {
  std::vector<std::string> names = supported_targets();
  names.emplace_back("reference");
  return names;
}
INSTANTIATE_TEST_SUITE_P(Targets, OuterOnTarget, ::testing::ValuesIn(targets_and_reference()),
                         [](const auto& info) { return info.param; });

TEST_P(OuterOnTarget, IsATreeOfChains) {
  for (const OuterCase& c : cases()) expect_definition<float>(c);
}

TEST_P(OuterOnTarget, BiasGradientIsTheChainWithOneAsInput) {
  // A stretch of one k whose width is 0: every lane reads the same 1.
  const OuterCase c{48, 1, 6, 4, 0, 3, 3, false};
  OuterData<float> data(c);
  std::fill(data.source.begin(), data.source.end(), 1.0F);
  const auto expected = data.expected();
  data.chain = {{0, 0, 1}};
  EXPECT_EQ(data.result(), expected);
}

TEST(Outer, DoubleIsATreeOfChains) {
  for (const OuterCase& c : cases()) expect_definition<double>(c);
}

}  // namespace
}  // namespace rondo::kernels
