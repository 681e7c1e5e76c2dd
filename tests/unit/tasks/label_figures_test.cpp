#include "tasks/figures/label_figures.hpp"

#include <gtest/gtest.h>

#include "rondo/core/errors.hpp"

namespace rondo::tasks {
namespace {

TEST(LabelFigures, AreOfAllLabelsOfEachAndOfWholeSequences) {
  // Arrange: three labels; the fourth sequence's are not given.
  Answers answers;
  answers.targets = {0b011, 0b000, 0b100, -1};
  answers.said = {0b001, 0b000, 0b110, 0b111};
  answers.losses = {3, 1, 2, 0};
  answers.weights = {3, 3, 3, 0};
  // Act.
  const Evaluation evaluation = judge_labels(answers, 3);
  // Assert: two of three labels given were said, and two of three said were given.
  EXPECT_EQ(evaluation.targets, 3);
  EXPECT_EQ(evaluation.loss, 6.0 / 9);
  ASSERT_EQ(evaluation.figures.size(), 3U);
  EXPECT_EQ(evaluation.figures[0].name, "micro_f1");
  EXPECT_EQ(evaluation.figures[0].value, 4.0 / 6);
  EXPECT_EQ(evaluation.figures[1].name, "macro_f1");
  EXPECT_EQ(evaluation.figures[1].value, (1.0 + 0 + 1.0) / 3);
  EXPECT_EQ(evaluation.figures[2].name, "exact_match");
  EXPECT_EQ(evaluation.figures[2].value, 1.0 / 3);
  EXPECT_EQ(evaluation.score, 1 - 4.0 / 6);
  EXPECT_EQ(evaluation.labels[1].given, 1);
  EXPECT_EQ(evaluation.labels[1].said, 1);
  EXPECT_EQ(evaluation.labels[1].right, 0);
}

TEST(LabelFigures, LookAtAllWordsOfARow) {
  Answers answers;
  answers.words = 2;
  answers.targets = {0, 1, 1 << 30, 0};
  answers.said = {0, 1, 1 << 30, 1};
  answers.losses = answers.weights = {1, 1};
  const Evaluation evaluation = judge_labels(answers, 33);
  EXPECT_EQ(evaluation.figures[2].value, 0.5);
  EXPECT_EQ(evaluation.labels[30].right, 1);
  EXPECT_EQ(evaluation.labels[31].right, 1);
  EXPECT_EQ(evaluation.labels[31].said, 2);
}

TEST(LabelFigures, NeedsTargets) {
  Answers answers;
  answers.targets = answers.said = {-1};
  EXPECT_THROW(judge_labels(answers, 3), InputError);
}

}  // namespace
}  // namespace rondo::tasks
