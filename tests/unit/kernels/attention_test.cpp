#include "rondo/kernels/attention/attention.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "comparison.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

constexpr int lanes = 3, lane = 1;

// A lane's states and scores, beside lanes that are not looked
// at.
template <class Real>
struct Case {
  Panels units;
  int positions;
  std::vector<Real> states, scores, context, gradients;

  Case(int width, int count) : units{width}, positions(count) {
    const auto size = units.step_size(lanes) * static_cast<std::size_t>(count);
    states.assign(size, Real(7));
    gradients.assign(size, Real(0.5));
    context.assign(units.step_size(lanes), Real(9));
    scores.assign(step() * static_cast<std::size_t>(count), Real(0));
    const auto drawn = normal_values<Real>(
        static_cast<std::size_t>(count) * static_cast<std::size_t>(width + 1), 3, 2);
    std::size_t next = 0;
    for (int i = 0; i < count; ++i) {
      score(i) = drawn[next++];
      for (int u = 0; u < units.padded(); ++u) state(i, u) = u < width ? drawn[next++] : Real(0);
    }
  }
  static std::size_t step() { return Panels{1}.step_size(lanes); }
  Real& score(int i) {
    return scores[static_cast<std::size_t>(i) * step() + Panels{1}.index(lane, 0, lanes)];
  }
  std::size_t at(int i, int u) const {
    return static_cast<std::size_t>(i) * units.step_size(lanes) + units.index(lane, u, lanes);
  }
  Real& state(int i, int u) { return states[at(i, u)]; }
  Attended<Real> span() {
    return {units,         lanes, lane, positions, states.data(), units.step_size(lanes),
            scores.data(), step()};
  }
};

// The order of a vector sum, written down once more.
template <class Real>
Real sum_of(const std::vector<Real>& values) {
  std::vector<Real> chunks;
  for (std::size_t begin = 0; begin < values.size(); begin += 4096) {
    std::vector<Real> level(64, Real(0));
    for (std::size_t i = begin; i < std::min(begin + 4096, values.size()); ++i)
      level[i % 64] += values[i];
    for (; level.size() > 1; level.resize(level.size() / 2)) {
      for (std::size_t i = 0; i < level.size() / 2; ++i) level[i] = level[2 * i] + level[2 * i + 1];
    }
    chunks.push_back(level[0]);
  }
  EXPECT_LE(chunks.size(), 2U);
  return chunks.size() == 2 ? chunks[0] + chunks[1] : chunks[0];
}

template <class Real>
void expect_defined_order(int width, int positions) {
  SCOPED_TRACE(testing::Message() << width << " units, " << positions << " positions");
  Case<Real> test(width, positions);
  // Arrange: what it is to be, by the definition.
  Real maximum = test.score(0);
  for (int i = 0; i < positions; ++i) maximum = std::max(maximum, test.score(i));
  std::vector<Real> weights(static_cast<std::size_t>(positions));
  for (int i = 0; i < positions; ++i) {
    const Real difference = test.score(i) - maximum;
    exp<Real>({&difference, 1}, {&weights[static_cast<std::size_t>(i)], 1});
  }
  const Real sum = sum_of(weights);
  for (Real& weight : weights) weight = flushed(weight / sum);
  // Act, assert.
  attend(test.span(), test.context.data());
  for (int i = 0; i < positions; ++i)
    ASSERT_EQ(test.score(i), weights[static_cast<std::size_t>(i)]) << i;
  std::vector<Real> gradient(test.context.size());
  for (int u = 0; u < width; ++u) {
    Real chain = 0;
    for (int i = 0; i < positions; ++i) {
      chain = std::fma(weights[static_cast<std::size_t>(i)], test.state(i, u), chain);
    }
    ASSERT_EQ(test.context[test.units.index(lane, u, lanes)], flushed(chain)) << u;
    gradient[test.units.index(lane, u, lanes)] = static_cast<Real>(0.3 * (u % 7) - 1);
  }
  for (const int other : {0, 2})
    EXPECT_EQ(test.context[test.units.index(other, 0, lanes)], Real(9));

  std::vector<Real> slopes, products;
  for (int i = 0; i < positions; ++i) {
    Real chain = 0;
    for (int u = 0; u < width; ++u) {
      chain = std::fma(gradient[test.units.index(lane, u, lanes)], test.state(i, u), chain);
    }
    slopes.push_back(chain);
    products.push_back(weights[static_cast<std::size_t>(i)] * chain);
  }
  const Real mean = sum_of(products);
  attend_backward(test.span(), gradient.data(), test.gradients.data(), test.units.step_size(lanes));
  for (int i = 0; i < positions; ++i) {
    const Real weight = weights[static_cast<std::size_t>(i)];
    ASSERT_EQ(test.score(i), flushed(weight * (slopes[static_cast<std::size_t>(i)] - mean))) << i;
    ASSERT_EQ((&test.score(i))[1], Real(0));
    for (int u = 0; u < width; ++u) {
      ASSERT_EQ(test.gradients[test.at(i, u)],
                Real(0.5) + weight * gradient[test.units.index(lane, u, lanes)]);
    }
  }
}

TEST(Attention, SumsInTheOrderThatIsWrittenDown) {
  set_float_mode();
  for (const int width : {1, 17, 64, 130}) {
    for (const int positions : {1, 2, 3, 5, 64, 65, 200}) {
      expect_defined_order<float>(width, positions);
      expect_defined_order<double>(width, positions);
    }
  }
  expect_defined_order<float>(3, 4200);
}

TEST(Attention, KeepsANaNAndForgetsWhatIsFarBelow) {
  Case<float> one(5, 3);
  one.score(1) = std::numeric_limits<float>::quiet_NaN();
  attend(one.span(), one.context.data());
  EXPECT_TRUE(std::isnan(one.context[one.units.index(lane, 0, lanes)]));
  Case<float> far(5, 3);
  far.score(0) = 1000;
  far.score(1) = far.score(2) = -1000;
  attend(far.span(), far.context.data());
  EXPECT_EQ(far.score(0), 1.0F);
  EXPECT_EQ(far.score(1), 0.0F);
  EXPECT_EQ(far.context[far.units.index(lane, 4, lanes)], far.state(0, 4));
}

}  // namespace
}  // namespace rondo::kernels
