#include "tasks/figures/suspects.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::tasks {
namespace {

Column classes(ColumnKind kind, ColumnScope scope, std::vector<std::string> names) {
  Column column;
  column.role = ColumnRole::target;
  column.kind = kind;
  column.scope = scope;
  column.vocabulary = std::make_shared<SymbolVocabulary>(kind, std::move(names));
  return column;
}

TEST(Suspects, MarginIsTheLogarithmOfTheRatioOfProbabilities) {
  const std::array<double, 3> outputs{1, 3.5, -2};
  const std::int32_t target = 0, right = 1, none = -1;
  EXPECT_EQ(margin<double>(outputs, &target, 0), 2.5);
  EXPECT_EQ(margin<double>(outputs, &right, 0), 0);
  EXPECT_EQ(margin<double>(outputs, &none, 0), 0);
  // Labels 1 and 2 are given: 0 is said and 2 is not.
  const std::int32_t labels = 0b110;
  EXPECT_EQ(margin<double>(outputs, &labels, 3), 1 + 2);
}

TEST(Suspects, AreSequencesWhoseClassDiffersAndTheWorstStepOfEach) {
  Answers answers;
  answers.targets = {0, 1, 1, -1};
  answers.said = {0, 0, 0, 0};
  const Column one = classes(ColumnKind::category, ColumnScope::sequence, {"a", "b"});
  std::vector<Suspect> suspects = class_suspects(answers, {0, 2, 5, 0}, one);
  worst_first(suspects);
  ASSERT_EQ(suspects.size(), 2U);
  EXPECT_EQ(suspects[0].sequence, 2);
  EXPECT_EQ(suspects[0].step, -1);
  EXPECT_EQ(suspects[0].score, 5);
  EXPECT_EQ(suspects[0].given, "b");
  EXPECT_EQ(suspects[0].said, "a");
  EXPECT_EQ(suspects[1].sequence, 1);

  answers.targets = {0, 1, 1, 1, 1};
  answers.said = {0, 0, 0, 0, 1};
  answers.starts = {0, 1, 4, 5};
  const Column each = classes(ColumnKind::category, ColumnScope::steps, {"a", "b"});
  suspects = class_suspects(answers, {0, 2, 5, 4, 0}, each);
  ASSERT_EQ(suspects.size(), 1U);
  EXPECT_EQ(suspects[0].sequence, 1);
  EXPECT_EQ(suspects[0].step, 1);
}

TEST(Suspects, OfEqualScoresTheLowerSequenceStandsFirst) {
  std::vector<Suspect> suspects{
      {2, -1, "", 1, "", ""}, {0, -1, "", 1, "", ""}, {1, -1, "", 3, "", ""}};
  worst_first(suspects);
  EXPECT_EQ(suspects[0].sequence, 1);
  EXPECT_EQ(suspects[1].sequence, 0);
  EXPECT_EQ(suspects[2].sequence, 2);
}

Column two_numbers() {
  Column column;
  column.role = ColumnRole::target;
  column.kind = ColumnKind::real;
  column.scope = ColumnScope::sequence;
  column.name = "sum";
  column.width = 2;
  column.parts = {"near", "far"};
  column.mean = {0, 100};
  column.deviation = {1, 10};
  return column;
}

TEST(Suspects, NumbersAreOffInUsualErrorsOfTheirOwn) {
  // Errors of the first number 0, 3, none; of the second 10, 10, 20, in its units.
  Answers answers;
  const double none = std::numeric_limits<double>::quiet_NaN();
  answers.numbers.starts = {0, 1, 2, 3};
  answers.numbers.given = {1, 110, 5, 90, none, 80};
  answers.numbers.said = {1, 0, 2, 0, 7, 0};
  std::vector<Suspect> suspects = number_suspects(answers, two_numbers());
  ASSERT_EQ(suspects.size(), 3U);
  const double usual = std::sqrt((100.0 + 100 + 400) / 3);
  EXPECT_EQ(suspects[0].number, "far");
  EXPECT_DOUBLE_EQ(suspects[0].score, 10 / usual);
  EXPECT_EQ(suspects[1].number, "near");
  EXPECT_DOUBLE_EQ(suspects[1].score, 3 / std::sqrt(9.0 / 2));
  EXPECT_EQ(suspects[1].given, 5);
  EXPECT_EQ(suspects[1].said, 2);
  EXPECT_DOUBLE_EQ(suspects[2].score, 20 / usual);
}

TEST(Suspects, WhatIsNoNumberIsRefused) {
  Answers answers;
  answers.targets = {0};
  answers.said = {1};
  EXPECT_THROW(class_suspects(answers, {std::numeric_limits<double>::quiet_NaN()},
                              classes(ColumnKind::category, ColumnScope::sequence, {"a", "b"})),
               RunError);
}

}  // namespace
}  // namespace rondo::tasks
