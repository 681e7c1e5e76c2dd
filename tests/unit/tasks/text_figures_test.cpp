#include "tasks/figures/text_figures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tasks/figures/edit_distance.hpp"
#include "tasks/figures/text_scores.hpp"

namespace rondo::tasks {
namespace {

std::int64_t distance(std::string_view given, std::string_view said) {
  return edit_distance(std::span<const char>(given), std::span<const char>(said));
}

TEST(EditDistance, IsTheFewestEdits) {
  EXPECT_EQ(distance("kitten", "sitting"), 3);
  EXPECT_EQ(distance("", "abc"), 3);
  EXPECT_EQ(distance("abc", ""), 3);
  EXPECT_EQ(distance("abc", "abc"), 0);
  EXPECT_EQ(distance("ab", "ba"), 2);
  EXPECT_EQ(distance("sunday", "saturday"), distance("saturday", "sunday"));
}

std::string words(std::string_view line) {
  std::string all;
  for (const std::string& word : words_13a(line)) all += "[" + word + "]";
  return all;
}

// As sacrebleu's "13a" cuts them (tests/second_opinion/scores.py).
TEST(TextScores, WordsAreCutAsMtevalDoes) {
  EXPECT_EQ(words("The cat, sat."), "[The][cat][,][sat][.]");
  EXPECT_EQ(words("3,000.5 a.b ..c"), "[3,000.5][a][.][b][.][.][c]");
  EXPECT_EQ(words("it's \"1-2\" (x-y)"), "[it's][\"][1][-][2][\"][(][x-y][)]");
  EXPECT_EQ(words("&quot;a&amp;b&lt;<skipped>"), "[\"][a][&][b][<]");
  EXPECT_EQ(words("é.\xC2\xA0ñ,"), "[é][.][ñ][,]");
  EXPECT_EQ(words("  "), "");
}

// Of sacrebleu 2.6 (tests/second_opinion/scores.py).
TEST(TextScores, AreSacrebleus) {
  BleuCounts bleu;
  ChrfCounts chrf;
  EXPECT_EQ(bleu.score(), 0);
  EXPECT_EQ(chrf.score(), 0);
  bleu.add("the cat sat on the mat.", "the cat sat on the mat.");
  chrf.add("the cat sat on the mat.", "the cat sat on the mat.");
  EXPECT_NEAR(bleu.score(), 100, 1e-12);
  EXPECT_NEAR(chrf.score(), 100, 1e-12);
  bleu.add("In the beginning God created the heaven and the earth.",
           "In beginning God made heaven and the earth, too.");
  chrf.add("In the beginning God created the heaven and the earth.",
           "In beginning God made heaven and the earth, too.");
  EXPECT_NEAR(bleu.score(), 57.39372116653585, 1e-9);
  EXPECT_NEAR(chrf.score(), 72.65839485026372, 1e-9);
  BleuCounts smoothed;
  smoothed.add("a b c d e", "a x c y e");
  EXPECT_NEAR(smoothed.score(), 14.058533129758727, 1e-9);
}

TEST(TextFigures, AreRatesAndSharesOfAllTexts) {
  const std::vector<Figure> figures = text_figures({"a b c", "d"}, {"a c", "d"}, ColumnKind::word);
  EXPECT_EQ(figures[0].name, "wer");
  EXPECT_DOUBLE_EQ(figures[0].value, 0.25);
  EXPECT_EQ(figures[1].name, "cer");
  EXPECT_DOUBLE_EQ(figures[1].value, 2.0 / 6);
  EXPECT_EQ(figures[2].name, "exact_match");
  EXPECT_DOUBLE_EQ(figures[2].value, 0.5);
  EXPECT_EQ(text_figures({"ä"}, {"ö"}, ColumnKind::character)[0].value, 1);
  const std::vector<Figure> bleu = text_figures({"a"}, {"a"}, ColumnKind::subword);
  EXPECT_EQ(bleu[0].name, "bleu");
  EXPECT_EQ(score_of({"bleu", 30, false}), 70);
  EXPECT_EQ(score_of({"wer", 0.2}), 0.2);
}

}  // namespace
}  // namespace rondo::tasks
