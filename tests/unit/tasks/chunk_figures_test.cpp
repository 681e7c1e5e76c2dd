#include "tasks/figures/chunk_figures.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "data/vocabularies/symbol_vocabulary.hpp"

namespace rondo::tasks {
namespace {

const std::vector<std::string> names{"B-LOC", "B-PER", "I-LOC", "I-PER", "O"};

Column target_of(const std::vector<std::string>& classes = names) {
  Column column;
  column.role = ColumnRole::target;
  column.kind = ColumnKind::category;
  column.vocabulary = std::make_shared<SymbolVocabulary>(ColumnKind::category, classes);
  return column;
}

// "BL" is B-LOC, "IP" I-PER, "O" itself, "?" one that is not given.
std::vector<std::int32_t> labels_in(std::string_view text) {
  std::vector<std::int32_t> labels;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ' ') continue;
    if (text[at] == 'O' || text[at] == '?') {
      labels.push_back(text[at] == 'O' ? 4 : -1);
      continue;
    }
    labels.push_back((text[at] == 'I' ? 2 : 0) + (text[at + 1] == 'P' ? 1 : 0));
    ++at;
  }
  return labels;
}

// Of one sequence: {right, given, said} of LOC, then of PER.
std::array<std::int64_t, 6> counts_of(std::string_view given, std::string_view said) {
  Answers answers;
  answers.targets = labels_in(given);
  answers.said = labels_in(said);
  answers.starts = {0, static_cast<std::int64_t>(answers.targets.size())};
  const std::vector<ClassCounts> counts = count_chunks(answers, target_of());
  return {counts[0].right, counts[0].given, counts[0].said,
          counts[1].right, counts[1].given, counts[1].said};
}

using Counts = std::array<std::int64_t, 6>;

TEST(ChunkFigures, CountWholeChunksAsConllevalDoes) {
  EXPECT_EQ(counts_of("BL IL O BP", "BL IL O BP"), (Counts{1, 1, 1, 1, 1, 1}));
  // Another end, another start, another type: not right.
  EXPECT_EQ(counts_of("BL IL O", "BL O O"), (Counts{0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(counts_of("BL IL O", "O BL O"), (Counts{0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(counts_of("BL IL", "BP IP"), (Counts{0, 1, 0, 0, 0, 1}));
  // An I begins a chunk at the start, behind an O and behind another type.
  EXPECT_EQ(counts_of("BL IL O IP", "IL IL O BP"), (Counts{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(counts_of("BL BP", "BL IP"), (Counts{1, 1, 1, 1, 1, 1}));
  // A B ends the one before, an I does not.
  EXPECT_EQ(counts_of("BL BL", "BL IL"), (Counts{0, 2, 1, 0, 0, 0}));
  EXPECT_EQ(counts_of("O O", "O O"), (Counts{}));
}

TEST(ChunkFigures, ChunksEndWithTheirSequenceAndWhereNoLabelIsGiven) {
  EXPECT_EQ(counts_of("BL ? IL", "BL IL IL"), (Counts{2, 2, 2, 0, 0, 0}));
  EXPECT_EQ(counts_of("? ?", "BL IP"), (Counts{}));
  Answers answers;
  answers.targets = labels_in("O BL IL O");
  answers.said = labels_in("O BL IL O");
  answers.starts = {0, 2, 4};
  EXPECT_EQ(count_chunks(answers, target_of())[0].given, 2);
}

TEST(ChunkFigures, StandBeforeTheOthersAndSayWhatIsBest) {
  Answers answers;
  answers.targets = labels_in("BL O BP IP");
  answers.said = labels_in("BL BP BP IP");
  answers.starts = {0, 4};
  Evaluation evaluation;
  evaluation.figures = {{"accuracy", 0.75}};
  add_chunk_figures(answers, target_of(), evaluation);
  ASSERT_EQ(evaluation.figures.size(), 4U);
  EXPECT_EQ(evaluation.figures[0].name, "chunk_f1");
  EXPECT_EQ(evaluation.figures[0].value, 0.8);
  EXPECT_EQ(evaluation.figures[1].value, 2.0 / 3);
  EXPECT_EQ(evaluation.figures[2].value, 1);
  EXPECT_EQ(evaluation.figures[3].name, "accuracy");
  EXPECT_EQ(evaluation.score, 1 - evaluation.figures[0].value);
}

TEST(ChunkFigures, AreOfLabelsThatSpellChunks) {
  EXPECT_TRUE(spells_chunks(target_of()));
  EXPECT_TRUE(spells_chunks(target_of({"B-x-y", "I-x-y"})));
  EXPECT_FALSE(spells_chunks(target_of({"NOUN", "O"})));
  EXPECT_FALSE(spells_chunks(target_of({"B", "I", "O"})));
  EXPECT_FALSE(spells_chunks(target_of({"B-", "O"})));
  EXPECT_FALSE(spells_chunks(target_of({"B-x", "E-x", "O"})));
  EXPECT_EQ(chunk_types(target_of({"B-x-y", "I-a", "O"})), (std::vector<std::string>{"a", "x-y"}));
}

}  // namespace
}  // namespace rondo::tasks
