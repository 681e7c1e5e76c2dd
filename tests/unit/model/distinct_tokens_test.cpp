#include "model/inputs/distinct_tokens.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "made_window.hpp"

namespace rondo {
namespace {

test::MadeWindow window_of(const std::vector<std::int32_t>& inputs, int times, int lanes) {
  return {times, lanes, inputs.data(), nullptr, nullptr};
}

std::vector<std::int32_t> listed(const DistinctTokens& tokens) {
  std::vector<std::int32_t> list;
  for (int n = 0; n < tokens.count(); ++n) list.push_back(tokens.token(n));
  return list;
}

using Tokens = std::vector<std::int32_t>;

TEST(DistinctTokens, StandInTheOrderInWhichTheyAreMet) {
  Allocations memory;
  DistinctTokens tokens(20, {4, 3}, memory);
  const Tokens inputs = {7, 2, 7, 0, 2, 9, 0, 0, 7, 7, 1, 9};
  tokens.list(window_of(inputs, 3, 4), 0);
  EXPECT_EQ(listed(tokens), (Tokens{7, 2, 0, 9, 1}));
  for (int t = 0; t < 3; ++t) {
    for (int lane = 0; lane < 4; ++lane) {
      EXPECT_EQ(tokens.token(tokens.numbers(t)[lane]),
                inputs[static_cast<std::size_t>(4 * t + lane)]);
    }
  }
}

TEST(DistinctTokens, AreTheWindowsAlone) {
  Allocations memory;
  DistinctTokens tokens(20, {4, 3}, memory);
  const Tokens first = {7, 2, 7, 0, 2, 9, 0, 0, 7, 7, 1, 9}, second = {9, 9, 3, 3, 3, 3};
  tokens.list(window_of(first, 3, 4), 0);
  tokens.list(window_of(second, 2, 3), 0);  // shorter, of fewer lanes
  EXPECT_EQ(listed(tokens), (Tokens{9, 3}));
  EXPECT_EQ(tokens.numbers(0)[2], 1);
  EXPECT_EQ(tokens.numbers(1)[0], 1);
}

TEST(DistinctTokens, AreNotListedWhereTheyAreTooMany) {
  Allocations memory;
  DistinctTokens tokens(20, {4, 3}, memory);
  ASSERT_EQ(tokens.most(), 6);
  const Tokens many = {1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1, 1},
               few = {7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  tokens.list(window_of(many, 3, 4), 0);
  EXPECT_EQ(tokens.count(), 0);
  tokens.list(window_of(few, 3, 4), 0);
  EXPECT_EQ(listed(tokens), (Tokens{7, 1}));
}

TEST(DistinctTokens, AreNotListedWhereTheyCannotBeFewerThanPlaces) {
  EXPECT_EQ(DistinctTokens::most(20, {4, 3}), 6);
  EXPECT_EQ(DistinctTokens::most(20, {1, 1}), 0);
}

}  // namespace
}  // namespace rondo
