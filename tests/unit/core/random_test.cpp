#include "rondo/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace rondo {
namespace {

TEST(Random, GoldenValues) {
  const RandomStream stream(1234, Purpose::test, 5, 6);
  EXPECT_EQ(stream.block(1, 2, 3),
            (RandomStream::Block{0x7bc003c9, 0xa7bed7a2, 0x8264194c, 0x398c371d}));
  EXPECT_EQ(stream.uniform(7), 0x1.456c1902fd74bp-1);
  EXPECT_EQ(stream.normal(7, 8), 0x1.368b1c2feb558p+0);
  EXPECT_EQ(stream.below(1000000007, 9), 952701130U);
}

TEST(Random, EveryCoordinateMatters) {
  // Arrange: one base draw and its neighbours in each coordinate.
  const std::vector<RandomStream> streams = {
      RandomStream(1, Purpose::test, 2, 3),
      RandomStream(1 + (1ULL << 32), Purpose::test, 2, 3),
      RandomStream(2, Purpose::test, 2, 3),
      RandomStream(1, Purpose::weights, 2, 3),
      RandomStream(1, Purpose::test, 2 + (1ULL << 32), 3),
      RandomStream(1, Purpose::test, 3, 3),
      RandomStream(1, Purpose::test, 2, 4),
  };
  // Act
  std::set<double> draws;
  std::set<RandomStream::Block> blocks;
  for (const RandomStream& stream : streams) {
    draws.insert({stream.uniform(0), stream.uniform(1), stream.uniform(2),
                  stream.uniform(1ULL << 40), stream.uniform(0, 1)});
    blocks.insert({stream.block(0), stream.block(1), stream.block(0, 1), stream.block(0, 0, 1)});
  }
  // Assert
  EXPECT_EQ(draws.size(), streams.size() * 5);
  EXPECT_EQ(blocks.size(), streams.size() * 4);
}

TEST(Random, UniformIsUniform) {
  const RandomStream stream(42, Purpose::test);
  constexpr int draws = 100000;
  std::vector<int> bins(16);
  double mean = 0;
  for (int i = 0; i < draws; ++i) {
    const double u = stream.uniform(static_cast<std::uint64_t>(i));
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    mean += u / draws;
    ++bins[static_cast<std::size_t>(u * 16)];
  }
  EXPECT_NEAR(mean, 0.5, 0.004);
  double chi_square = 0;
  for (const int count : bins) {
    chi_square += (count - draws / 16.0) * (count - draws / 16.0) / (draws / 16.0);
  }
  EXPECT_LT(chi_square, 37.7);  // 15 degrees of freedom, one in a thousand
}

TEST(Random, NormalHasTheMomentsOfANormal) {
  const RandomStream stream(43, Purpose::test);
  constexpr int draws = 100000;
  double mean = 0, square = 0, fourth = 0, neighbours = 0, previous = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = stream.normal(static_cast<std::uint64_t>(i), 3);
    mean += x / draws;
    square += x * x / draws;
    fourth += x * x * x * x / draws;
    neighbours += x * previous / draws;
    previous = x;
  }
  EXPECT_NEAR(mean, 0, 0.013);
  EXPECT_NEAR(square, 1, 0.018);
  EXPECT_NEAR(fourth, 3, 0.13);
  EXPECT_NEAR(neighbours, 0, 0.013);
}

TEST(Random, BelowStaysBelowAndReachesEverything) {
  const RandomStream stream(44, Purpose::test);
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 7ULL, 10ULL}) {
    std::vector<int> counts(bound);
    for (std::uint64_t i = 0; i < 5000; ++i) {
      const std::uint64_t value = stream.below(bound, i);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    const double expected = 5000.0 / static_cast<double>(bound);
    for (const int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected)) << bound;
  }
}

TEST(Random, BelowIsUnbiasedWhereAModuloIsNot) {
  // With bound = 3 * 2^62 a modulo would draw the lowest third twice as often.
  const RandomStream stream(45, Purpose::test);
  const std::uint64_t third = 1ULL << 62;
  std::vector<int> counts(3);
  for (std::uint64_t i = 0; i < 6000; ++i) ++counts[stream.below(3 * third, i) / third];
  for (const int count : counts) EXPECT_NEAR(count, 2000, 180);
}

TEST(Random, UnitFloatIsExact) {
  EXPECT_EQ(unit_float(0), 0.0F);
  EXPECT_EQ(unit_float(0xFFFFFFFF), 1.0F - 0x1p-24F);
  EXPECT_EQ(unit_float(1U << 31), 0.5F);
}

}  // namespace
}  // namespace rondo
