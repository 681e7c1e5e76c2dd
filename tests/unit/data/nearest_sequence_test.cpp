#include "data/baselines/nearest_sequence.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "data/vocabularies/symbol_vocabulary.hpp"

namespace rondo {
namespace {

// Numbers of two a step, standardised by 1 and 2, and a class a sequence.
Columns columns() {
  Columns made(2);
  made[0].kind = ColumnKind::real;
  made[0].width = 2;
  made[0].mean = {0, 1};
  made[0].deviation = {1, 2};
  made[1].role = ColumnRole::constant;
  made[1].kind = ColumnKind::category;
  made[1].scope = ColumnScope::sequence;
  made[1].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::category, std::vector<std::string>{"<unk>", "a", "b"});
  return made;
}

struct Made {
  std::vector<double> numbers;
  std::int32_t kind;
};

std::vector<std::size_t> nearest(const std::vector<Made>& training, const std::vector<Made>& asked,
                                 const std::vector<bool>& counts) {
  const Columns both = columns();
  const auto fill = [&](const std::vector<Made>& all, MemorySequences& to) {
    for (const Made& each : all) {
      to.add(static_cast<std::int32_t>(each.numbers.size() / 2));
      to.put(0, each.numbers);
      to.put(1, std::span(&each.kind, 1));
    }
  };
  MemorySequences known(both), others(both);
  fill(training, known);
  fill(asked, others);
  return NearestSequence(known, both).nearest(others, counts);
}

TEST(NearestSequence, IsTheOneOfTheLeastSquares) {
  const std::vector<Made> training = {{{0, 1}, 1}, {{1, 1}, 1}, {{0, 7}, 1}, {{1, 1}, 2}};
  const std::vector<bool> all(4, true);
  EXPECT_EQ(nearest(training, {{{0.4, 1}, 1}, {{0.6, 1}, 1}, {{0, 5}, 1}, {{0.9, 1}, 2}}, all),
            (std::vector<std::size_t>{0, 1, 2, 3}));
  // A class that differs is as far as 1; of equals the first.
  EXPECT_EQ(nearest(training, {{{0.5, 1}, 1}, {{2.5, 1}, 2}, {{1, 1}, 2}}, all),
            (std::vector<std::size_t>{0, 3, 3}));
  EXPECT_EQ(nearest(training, {{{0.4, 1}, 1}}, {false, false, true, true}),
            (std::vector<std::size_t>{3}));
}

TEST(NearestSequence, HoldsStepsThatOneLacksAgainstTheMean) {
  const std::vector<Made> training = {{{2, 1, 0, 5}, 1}, {{3, 1}, 1}};
  EXPECT_EQ(nearest(training, {{{2, 1}, 1}, {{2, 1, 1, 5}, 1}}, {true, true}),
            (std::vector<std::size_t>{1, 0}));
}

}  // namespace
}  // namespace rondo
