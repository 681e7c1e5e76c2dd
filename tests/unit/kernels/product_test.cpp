// The vector products against their plain twins, bit for bit, on every target of this machine; and
// the twins against what the header promises, on examples written out by hand.
#include "rondo/kernels/products/product.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

// Values of mixed magnitude, so that another order of additions gives other bits.
std::vector<float> random_values(std::size_t size, std::uint64_t seed) {
  const RandomStream stream(seed, Purpose::test);
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double scale = i % 7 == 0 ? 16.0 : 1.0;
    values[i] = static_cast<float>(scale * (2.0 * stream.uniform(i) - 1.0));
  }
  return values;
}

::testing::AssertionResult same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::memcmp(&a[i], &b[i], sizeof(float)) == 0) continue;
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;  // payloads are the processor's
    return ::testing::AssertionFailure() << "[" << i << "]: " << a[i] << " and " << b[i];
  }
  return ::testing::AssertionSuccess();
}

// A product of `gates` slots of `units` units (all in panels) to one panel of outputs.
struct MultiplyCase {
  int width, units, gates, lanes, times;
  Start start;
  bool flush;
  int strip = width;
};

std::string describe(const MultiplyCase& c) {
  return "width " + std::to_string(c.width) + ", units " + std::to_string(c.units) + ", gates " +
         std::to_string(c.gates) + ", lanes " + std::to_string(c.lanes) + ", times " +
         std::to_string(c.times) + ", start " + std::to_string(static_cast<int>(c.start)) +
         ", strips of " + std::to_string(c.strip);
}

struct MultiplyData {
  explicit MultiplyData(const MultiplyCase& c) : units{c.units} {
    const auto slots = static_cast<std::size_t>(c.gates);
    const std::size_t step = slots * units.step_size(c.lanes);
    for (int gate = 0; gate < c.gates; ++gate) {
      for (int j = 0; j < units.count(); ++j) {
        chain.push_back({units.offset(j, gate, c.gates, c.lanes), units.width(j), units.valid(j)});
      }
    }
    source = random_values(step * c.times, 1);
    weights = random_values(slots * c.units * c.width, 2);
    bias = random_values(c.width, 3);
    out = random_values(static_cast<std::size_t>(c.width) * c.lanes * c.times, 4);
    rows = random_values(static_cast<std::size_t>(c.width) * 3, 5);
    for (int place = 0; place < c.lanes * c.times; ++place) row_of.push_back(place * place % 3);
    product.chain = chain;
    product.source = source.data();
    product.source_stride = step;
    product.weights = weights.data();
    product.bias = bias.data();
    product.rows = rows.data();
    product.row_of = row_of.data();
    product.row_of_stride = c.lanes;
    product.start = c.start;
    product.flush = c.flush;
    product.out_stride = static_cast<std::size_t>(c.width) * c.lanes;
    product.width = c.width;
    product.strip = c.strip;
    product.times = c.times;
    product.lane_end = c.lanes;
  }

  std::vector<float> result() {
    std::vector<float> values = out;
    product.out = values.data();
    multiply(product);
    return values;
  }

  Panels units;
  std::vector<Stretch> chain;
  std::vector<float> source, weights, bias, out, rows;
  std::vector<std::int32_t> row_of;
  Product<float> product;
};

// Runs each test on every vector target, and leaves the best one behind.
class ProductOnTarget : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { select_target(GetParam()); }
  void TearDown() override { select_target("auto"); }
};
INSTANTIATE_TEST_SUITE_P(Targets, ProductOnTarget, ::testing::ValuesIn(supported_targets()),
                         [](const auto& info) { return info.param; });

TEST_P(ProductOnTarget, MultiplyEqualsItsTwin) {
  std::vector<MultiplyCase> cases;
  for (int width : {16, 32, 48, 64}) {
    for (int units : {1, 7, 15, 16, 17, 65, 100, 200, 300}) {
      for (int lanes : {1, 2, 3, 5, 6, 7, 8, 11, 13, 16, 24, 33, 48}) {
        cases.push_back({width, units, 1, lanes, 1, Start::zero, false});
      }
    }
    for (Start start : {Start::zero, Start::bias, Start::rows, Start::resume}) {
      for (bool flush : {false, true}) {
        cases.push_back({width, 100, 4, 7, 5, start, flush});
        cases.push_back({width, 64, 3, 16, 2, start, flush});
        cases.push_back({width, 7, 40, 4, 3, start, flush});  // many short stretches in a chunk
        cases.push_back({width, 300, 2, 7, 3, start, flush, 16});
      }
    }
  }
  for (const MultiplyCase& c : cases) {
    MultiplyData data(c);
    select_target("reference");
    const auto expected = data.result();
    select_target(GetParam());
    EXPECT_TRUE(same_bits(data.result(), expected)) << describe(c);
  }
}

TEST_P(ProductOnTarget, ALanesResultDoesNotDependOnTheLanesBesideIt) {
  MultiplyData data({64, 130, 2, 23, 3, Start::bias, false});
  const auto together = data.result();

  std::vector<float> apart = data.out;
  data.product.out = apart.data();
  for (int begin = 0; begin < 23; begin += 1 + begin % 4) {
    data.product.lane_begin = begin;
    data.product.lane_end = std::min(23, begin + 1 + begin % 4);
    multiply(data.product);
  }

  EXPECT_TRUE(same_bits(apart, together));
}

TEST_P(ProductOnTarget, LanesOutsideTheRangeAreNotTouched) {
  MultiplyData data({32, 20, 1, 9, 2, Start::zero, true});
  data.product.lane_begin = 2;
  data.product.lane_end = 7;
  const auto result = data.result();
  for (int t = 0; t < 2; ++t) {
    for (int lane : {0, 1, 7, 8}) {
      for (int unit = 0; unit < 32; ++unit) {
        const auto i = static_cast<std::size_t>((t * 9 + lane) * 32 + unit);
        ASSERT_EQ(result[i], data.out[i]) << "time " << t << ", lane " << lane;
      }
    }
  }
}

TEST_P(ProductOnTarget, AChainMayBePausedAndResumed) {
  MultiplyData data({48, 150, 1, 10, 2, Start::bias, true});
  const auto whole = data.result();

  std::vector<float> parts = data.out;
  data.product.out = parts.data();
  data.product.flush = false;
  data.product.chain = std::span(data.chain).first(1);
  multiply(data.product);
  data.product.start = Start::resume;
  data.product.flush = true;
  data.product.chain = std::span(data.chain).subspan(1);
  data.product.weights += static_cast<std::ptrdiff_t>(data.chain[0].count) * 48;
  multiply(data.product);

  EXPECT_TRUE(same_bits(parts, whole));
}

TEST_P(ProductOnTarget, AnEmptyChainGivesItsStart) {
  MultiplyData data({16, 5, 1, 3, 1, Start::bias, false});
  data.product.chain = {};
  const auto result = data.result();
  for (std::size_t i = 0; i < result.size(); ++i) EXPECT_EQ(result[i], data.bias[i % 16]);
}

TEST_P(ProductOnTarget, AChainMayStartFromARow) {
  MultiplyData data({32, 150, 1, 10, 2, Start::rows, false});
  const auto result = data.result();
  for (std::size_t place = 0; place < data.row_of.size(); ++place) {
    std::copy_n(data.rows.data() + data.row_of[place] * 32, 32, data.out.data() + place * 32);
  }
  data.product.start = Start::resume;
  EXPECT_TRUE(same_bits(data.result(), result));
}

TEST_P(ProductOnTarget, FlushSelectsSmallResultsToPlusZeroAndKeepsNan) {
  // One unit of each kind; the source is 1, so that the results are the weights.
  const float least = 0x1p-60F;
  const float below = std::nextafter(least, 0.0F);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> weights(16, 1.0F);
  const std::vector<float> given = {least, -least, below, -below, 0x1p-140F, -0.0F, nan, 3.0F};
  std::copy(given.begin(), given.end(), weights.begin());
  const Stretch one{0, 1, 1};
  const float source = 1.0F;
  std::vector<float> out(16);
  Product<float> product;
  product.chain = {&one, 1};
  product.source = &source;
  product.weights = weights.data();
  product.flush = true;
  product.out = out.data();
  product.width = product.strip = 16;
  product.lane_end = 1;

  multiply(product);

  const std::vector<float> expected = {least, -least, 0.0F, 0.0F, 0.0F, 0.0F, nan, 3.0F};
  EXPECT_TRUE(same_bits(std::vector<float>(out.begin(), out.begin() + 8), expected));
}

TEST_P(ProductOnTarget, OnlyFinishedChainsAreFlushed) {
  // Half of the least value from the first k, half from the last: between them the partial chain,
  // which is longer than what is computed at a time, is below the least.
  const Stretch long_one{0, 300, 300};
  const std::vector<float> source(300, 1.0F);
  std::vector<float> weights(300 * 16, 0.0F);
  weights.front() = 0x1p-61F;
  weights[299 * 16] = 0x1p-61F;
  std::vector<float> out(16);
  Product<float> product;
  product.chain = {&long_one, 1};
  product.source = source.data();
  product.weights = weights.data();
  product.flush = true;
  product.out = out.data();
  product.width = product.strip = 16;
  product.lane_end = 1;

  multiply(product);

  EXPECT_EQ(out[0], 0x1p-60F);
}

TEST(Product, EachOutputIsOneChainOfFusedMultiplyAdds) {
  // 1 + 2^-24 (from k = 1) + 2^-24 (from k = 2): added one after another each is lost to rounding,
  // added together first they are not. (1 + 2^-12)^2 - (1 + 2^-11) = 2^-24 needs a fused operation.
  const std::vector<Stretch> chain = {{0, 3, 2}, {2, 3, 1}};
  const std::vector<float> source = {1.0F, 0x1p-24F, 0x1p-24F};
  const std::vector<float> weights(3 * 16, 1.0F);
  std::vector<float> out(16);
  Product<float> product;
  product.chain = chain;
  product.source = source.data();
  product.weights = weights.data();
  product.out = out.data();
  product.width = product.strip = 16;
  product.lane_end = 1;
  multiply(product);
  EXPECT_EQ(out[0], 1.0F);

  const Stretch one{0, 1, 1};
  const float factor = 1.0F + 0x1p-12F;
  const std::vector<float> factors(16, factor);
  const std::vector<float> bias(16, -(1.0F + 0x1p-11F));
  product.chain = {&one, 1};
  product.source = &factor;
  product.weights = factors.data();
  product.start = Start::bias;
  product.bias = bias.data();
  multiply(product);
  EXPECT_EQ(out[15], 0x1p-24F);
}

TEST(Product, DoubleIsAPlainChain) {
  const Stretch two{0, 2, 2};
  const std::vector<double> source = {3.0, 5.0};
  std::vector<double> weights(2 * 16, 0.25);
  weights[16] = 1.0 + 0x1p-50;
  std::vector<double> out(16);
  Product<double> product;
  product.chain = {&two, 1};
  product.source = source.data();
  product.weights = weights.data();
  product.out = out.data();
  product.width = product.strip = 16;
  product.lane_end = 1;
  multiply(product);
  EXPECT_EQ(out[0], std::fma(1.0 + 0x1p-50, 5.0, 0.75));
  EXPECT_EQ(out[1], 2.0);
}

}  // namespace
}  // namespace rondo::kernels
