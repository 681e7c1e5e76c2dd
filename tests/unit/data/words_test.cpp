#include "data/levels/words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/vocabularies/word_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using Words = std::vector<std::string>;

// The words of a document that arrives in pieces of `piece` bytes.
Words words_of(const std::string& text, Splitting splitting, std::size_t piece = 1000) {
  Words words;
  WordScanner scanner(splitting);
  const auto use = [&](std::string_view word) { words.emplace_back(word); };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    scanner.feed(std::string_view(text).substr(at, piece), use);
  }
  scanner.end_document(use);
  return words;
}

std::string joined(const Words& words) {
  std::string text;
  Detokenizer detokenizer;
  for (const std::string& word : words) text += detokenizer.add(word);
  return text;
}

TEST(WordScanner, WordsStandBetweenSpacesAndLinesEndWithEos) {
  const Words expected = {"no", "it", "<eos>", "<eos>", "was", "<unk>", "N", "<eos>"};
  for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
    EXPECT_EQ(words_of(" no it \n\nwas\t<unk>  N\n", Splitting::spaces, piece), expected) << piece;
    EXPECT_EQ(words_of(" no it \n\nwas\t<unk>  N", Splitting::spaces, piece), expected) << piece;
  }
  EXPECT_EQ(words_of("", Splitting::spaces), Words{});
  EXPECT_EQ(words_of(" \t ", Splitting::spaces), Words{});
}

// No-break space, en quad, ideographic space, carriage return, next line.
TEST(WordScanner, SpaceIsUnicodesWhiteSpace) {
  EXPECT_EQ(words_of("a\xC2\xA0"
                     "b\xE2\x80\x80"
                     "c\xE3\x80\x80"
                     "d\r\ne\xC2\x85"
                     "f\xC3\xA9",
                     Splitting::spaces),
            (Words{"a", "b", "c", "d", "<eos>", "e", "f\xC3\xA9", "<eos>"}));
}

TEST(WordScanner, PunctuationMarksAreWordsWhereTheyAreSplit) {
  EXPECT_EQ(words_of("1:3 \"It's\" void; (the well-known fathers' $3,000.50...) end--\xE2\x80\x9CNo"
                     "\xE2\x80\x9D '",
                     Splitting::punctuation),
            (Words{"1",          ":",
                   "3",          "\"",
                   "It's",       "\"",
                   "void",       ";",
                   "(",          "the",
                   "well-known", "fathers",
                   "'",          "$",
                   "3,000.50",   "...",
                   ")",          "end",
                   "--",         "\xE2\x80\x9C",
                   "No",         "\xE2\x80\x9D",
                   "'",          "<eos>"}));
}

TEST(WordScanner, AWordBeyondReasonIsRefused) {
  WordScanner scanner(Splitting::spaces);
  const std::string text(longest_word / 2, 'x');
  const auto ignore = [](std::string_view) {};
  scanner.feed(text, ignore);
  scanner.feed(text, ignore);
  EXPECT_THROW(scanner.feed(text, ignore), InputError);
}

TEST(Detokenizer, WritesAsPeopleDo) {
  const std::string lines[] = {
      "1:3 And God said, Let there be light: and there was light.\n",
      "Who (say ye) is it? I am! $3,000.50 in all; \"yes\", he said \"no\".\n",
      "The LORD's house ... he'll come, a well-known man [so]; 5 % of it...\n"};
  for (const std::string& line : lines) {
    std::string expected = line;
    if (const auto at = expected.find(" %"); at != std::string::npos) expected.erase(at, 1);
    if (const auto at = expected.find(" ... "); at != std::string::npos) expected.erase(at, 1);
    EXPECT_EQ(joined(words_of(line, Splitting::punctuation)), expected);
  }
}

TEST(Detokenizer, KnowsThePennTreebankAndWikiText) {
  EXPECT_EQ(joined({"he", "did", "n't",  "say", "``",  "it",  "'s",    "''", ",", "the", "$",
                    "N",  "@-@", "mark", "1",   "@,@", "000", "<eos>", "\"", "a", "\"",  "b"}),
            "he didn't say \"it's\", the $N-mark 1,000\n\"a\" b");
}

const WordVocabulary& small() {
  static const WordVocabulary vocabulary({"the", "<eos>", "sea", "<unk>", ","},
                                         Splitting::punctuation);
  return vocabulary;
}

TEST(WordVocabulary, UnknownWordsBecomeUnk) {
  EXPECT_EQ(small().encode("the sea, the  Sea\n"), (std::vector<std::int32_t>{0, 2, 4, 0, 3, 1}));
  EXPECT_EQ(small().encode("the"), (std::vector<std::int32_t>{0}));
  EXPECT_EQ(small().unknown(), 3);
  EXPECT_EQ(small().unknown_in("the Sea, a Sea"), (Words{"Sea", "a"}));
  EXPECT_EQ(small().decode(std::vector<std::int32_t>{0, 2, 4, 0, 3, 1}), "the sea, the <unk>\n");
  EXPECT_THROW(small().encode("the \xFF"), InputError);
  EXPECT_THROW(small().decode(std::vector<std::int32_t>{5}), RunError);
}

TEST(WordVocabulary, SurvivesANamedState) {
  NamedState state;
  small().save(state);
  const auto loaded = load_vocabulary(state);
  EXPECT_STREQ(loaded->level(), "word");
  EXPECT_TRUE(same_vocabulary(*loaded, small()));
  EXPECT_EQ(loaded->encode("the sea,"), (std::vector<std::int32_t>{0, 2, 4}));
  EXPECT_FALSE(same_vocabulary(
      *loaded, WordVocabulary({"the", "<eos>", "sea", "<unk>", ","}, Splitting::spaces)));
}

TEST(WordVocabulary, RefusesWhatIsNoVocabulary) {
  const auto made = [](Words words) { WordVocabulary(std::move(words), Splitting::spaces); };
  EXPECT_NO_THROW(made({"<eos>", "<unk>"}));
  for (const Words& words : {Words{},
                             {"<eos>"},
                             {"<unk>"},
                             {"<eos>", "<unk>", ""},
                             {"<eos>", "<unk>", "a b"},
                             {"<eos>", "<unk>", "a\n"},
                             {"<eos>", "<unk>", "a", "a"},
                             {"<eos>", "<unk>", "\xFF"},
                             {"<eos>", "<unk>", std::string(longest_word + 1, 'x')}}) {
    EXPECT_THROW(made(words), InputError) << words.size();
  }
  const auto loaded = [](const std::string& words, std::uint8_t splitting) {
    NamedState state;
    const std::vector<std::uint8_t> bytes(words.begin(), words.end());
    state.put<std::uint8_t>("vocabulary/words", bytes, {bytes.size()});
    state.put_scalar<std::uint8_t>("vocabulary/splits_punctuation", splitting);
    load_vocabulary(state);
  };
  EXPECT_NO_THROW(loaded("<eos>\n<unk>\n", 1));
  EXPECT_THROW(loaded("<eos>\n<unk>\n", 2), InputError);
  EXPECT_THROW(loaded("<eos>\n<unk>", 0), InputError);
  EXPECT_THROW(loaded("", 0), InputError);
}

}  // namespace
}  // namespace rondo
