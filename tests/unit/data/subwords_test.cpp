// Chunks, the model that cuts them into subwords, and the vocabulary of the two.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "data/levels/chunks.hpp"
#include "data/levels/subword_alphabet.hpp"
#include "data/text/utf8.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using test::error_of;

// A text's chunks when it comes in pieces that end before the places of `cuts`.
std::vector<std::string> chunks_of(std::string_view text, const std::vector<std::size_t>& cuts) {
  std::vector<std::string> chunks;
  const auto use = [&](std::string_view chunk) { chunks.emplace_back(chunk); };
  ChunkScanner scanner;
  std::size_t start = 0;
  for (const std::size_t cut : cuts) {
    scanner.feed(text.substr(start, cut - start), use);
    start = cut;
  }
  scanner.feed(text.substr(start), use);
  scanner.finish(use);
  return chunks;
}

ChunkCounts sample_chunks() {
  return {{"lower", 5}, {" lowest", 4},  {" low", 9}, {" newer", 6},
          {",", 9},     {" wider", 3},   {"\n", 12},  {" \xC3\xA9t\xC3\xA9", 2},
          {"<unk>", 7}, {" <0x41>", 50}, {" wide", 1}};
}

SubwordVocabulary sample(const char* kind, int size) {
  return SubwordVocabulary(
      SubwordModel(SubwordModel::train(kind, size, to_learn_from(sample_chunks(), size))));
}

// `text` from the tokens of its chunks, as a data set holds them.
std::string there_and_back(const SubwordVocabulary& vocabulary, std::string_view text) {
  std::vector<std::int32_t> tokens;
  for (const std::string& chunk : chunks_of(text, {})) vocabulary.encode_chunk(chunk, tokens);
  return vocabulary.decode(tokens);
}

TEST(Chunks, BeginWithTheSpaceBeforeAWordAndEndAtControlCharacters) {
  EXPECT_EQ(chunks_of("In  the\tbeginning,\r\n God\xE2\x96\x81s ", {}),
            (std::vector<std::string>{"In", " ", " the", "\t", "beginning,", "\r", "\n", " God",
                                      "\xE2\x96\x81", "s", " "}));
  EXPECT_TRUE(chunks_of("", {}).empty());
}

TEST(Chunks, DoNotDependOnTheReadersPieces) {
  const std::string text =
      "a bc\n\n d\xE2\x82\xAC\xE2\x96\x81 e" + std::string(2 * longest_chunk, 'x');
  const std::vector<std::string> whole = chunks_of(text, {});
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    if (utf8::is_continuation(text[cut])) continue;
    EXPECT_EQ(chunks_of(text, {cut}), whole) << cut;
    if (cut + 7 < text.size() && !utf8::is_continuation(text[cut + 7])) {
      EXPECT_EQ(chunks_of(text, {cut, cut + 7}), whole) << cut;
    }
  }
}

TEST(Chunks, AreNotLongerThanTheLongest) {
  std::string text(longest_chunk - 1, 'x');
  text += "\xE2\x82\xAC\xE2\x82\xAC";
  const std::vector<std::string> chunks = chunks_of(text, {});
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0].size(), longest_chunk - 1);  // no character is torn
  EXPECT_EQ(chunks[1], "\xE2\x82\xAC\xE2\x82\xAC");
}

TEST(SubwordAlphabet, LeavesOutChunksWithRareCharactersWhereThereAreMany) {
  ChunkCounts chunks{{"common", 1'000'000}, {"\n", 5}, {"rare\xC3\xA9", 1}};
  EXPECT_EQ(to_learn_from(chunks, 400).size(), 2U);  // nine characters are few
  for (int i = 0; i < 100; ++i) {
    std::string character;
    utf8::append(character, 0x4E00 + i);
    chunks[character] = 1;
  }
  const SubwordModel::Counts left = to_learn_from(chunks, 400);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].first, "common");
}

TEST(SubwordAlphabet, RefusesWhatHasNoRoomOrNoCharacters) {
  EXPECT_EQ(error_of([] {
              to_learn_from({{"abcd", 3}, {" e", 1}}, 260);
            }),
            "--vocabulary-size 260 is too small for this text: <unk>, 256 bytes, the space and its "
            "5 characters are subwords in any case; give at least 263");
  EXPECT_EQ(to_learn_from({{"abcd", 3}, {" e", 1}}, 263).size(), 2U);
  EXPECT_EQ(error_of([] {
              to_learn_from({{"\n", 3}, {" ", 2}}, 300);
            }),
            "the split 'train' has no characters to learn subwords from");
}

class SubwordVocabularies : public testing::TestWithParam<const char*> {};

TEST_P(SubwordVocabularies, GiveAnyTextBackAsItWas) {
  const SubwordVocabulary vocabulary = sample(GetParam(), 290);
  for (const std::string& text :
       {std::string("lower newer, wider\n\n  low \t\r\n"), std::string(" "), std::string(),
        std::string("<unk> <0x41> <s> \xE2\x96\x81 \xE2\x81\x87 \xEF\xBF\xBD"),
        std::string("nul \0 in it", 11), std::string("a\xC2\x85\xC2\xA0\xE2\x80\xA8z")}) {
    EXPECT_EQ(there_and_back(vocabulary, text), text);
  }
  // Every character, or nearly: the surrogates are none.
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; code_point += 61) {
    if (!utf8::is_scalar_value(code_point)) continue;
    std::string text = "x ";
    utf8::append(text, code_point);
    text += 'y';
    EXPECT_EQ(there_and_back(vocabulary, text), text) << code_point;
  }
}

TEST_P(SubwordVocabularies, KnowPiecesOfWordsAndBytesOfAllElse) {
  const SubwordVocabulary vocabulary = sample(GetParam(), 290);
  EXPECT_LE(vocabulary.size(), 290);
  EXPECT_LT(vocabulary.encode(" lower").size(), 4U);
  EXPECT_EQ(vocabulary.encode("\n").size(), 1U);
  EXPECT_EQ(vocabulary.encode("\xE4\xB8\xAD").size(), 3U);
  const std::vector<std::int32_t> tokens = vocabulary.encode("\xE4\xB8\xAD lower <unk> \x01");
  EXPECT_EQ(std::count(tokens.begin(), tokens.end(), vocabulary.unknown()), 0);
  EXPECT_TRUE(vocabulary.unknown_in("\xE4\xB8\xAD \x01").empty());
}

TEST_P(SubwordVocabularies, LearnTheSameFromTheSame) {
  EXPECT_EQ(SubwordModel::train(GetParam(), 280, to_learn_from(sample_chunks(), 280)),
            SubwordModel::train(GetParam(), 280, to_learn_from(sample_chunks(), 280)));
}

TEST_P(SubwordVocabularies, SurviveANamedState) {
  const SubwordVocabulary vocabulary = sample(GetParam(), 280);
  NamedState state;
  vocabulary.save(state);
  const auto loaded = load_vocabulary(state);
  EXPECT_STREQ(loaded->level(), "subword");
  EXPECT_EQ(loaded->encode("lower newer"), vocabulary.encode("lower newer"));
  EXPECT_TRUE(same_vocabulary(*loaded, vocabulary));
  const char* const other = std::string_view(GetParam()) == "bpe" ? "unigram" : "bpe";
  EXPECT_FALSE(same_vocabulary(sample(other, 280), vocabulary));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SubwordVocabularies, testing::Values("bpe", "unigram"),
                         [](const auto& info) { return std::string(info.param); });

TEST(SubwordVocabulary, APromptsLastSpaceBelongsToWhatComes) {
  const SubwordVocabulary vocabulary = sample("bpe", 290);
  EXPECT_EQ(vocabulary.encode("lower "), vocabulary.encode("lower"));
  EXPECT_EQ(vocabulary.decode(vocabulary.encode("lower  ")), "lower ");
  EXPECT_TRUE(vocabulary.encode(" ").empty());
  EXPECT_EQ(error_of([&] { vocabulary.encode("ab\xFF"); }),
            "the text is not valid UTF-8 at byte offset 2");
}

TEST(SubwordVocabulary, PrintsCharactersWhenTheirLastByteIsThere) {
  const SubwordVocabulary vocabulary = sample("bpe", 290);
  std::vector<std::int32_t> bytes;
  vocabulary.encode_chunk("\xE4\xB8\xAD", bytes);
  ASSERT_EQ(bytes.size(), 3U);
  const std::int32_t letter = vocabulary.encode("l").front();
  const auto printer = vocabulary.printer();
  EXPECT_EQ(printer->print(bytes[0]), "");
  EXPECT_EQ(printer->print(bytes[1]), "");
  EXPECT_EQ(printer->print(bytes[2]), "\xE4\xB8\xAD");
  // What cannot become a character is shown as such, and the next one is whole.
  EXPECT_EQ(printer->print(bytes[0]), "");
  EXPECT_EQ(printer->print(letter), "\xEF\xBF\xBDl");
  EXPECT_EQ(printer->print(bytes[1]), "\xEF\xBF\xBD");
  EXPECT_THROW(printer->print(vocabulary.size()), RunError);
  EXPECT_THROW(printer->print(-1), RunError);
}

TEST(SubwordModel, RefusesWhatIsNoModel) {
  const auto said = [](const std::string& bytes) { return error_of([&] { SubwordModel{bytes}; }); };
  EXPECT_EQ(said(""), "the vocabulary's model of subwords is none that SentencePiece can read");
  EXPECT_EQ(said("nonsense"), said(""));
  std::string model = SubwordModel::train("bpe", 280, to_learn_from(sample_chunks(), 280));
  // The bytes become ordinary pieces: their type, and the switch that asks for them.
  for (std::size_t at = 0; (at = model.find("\x18\x06", at)) != std::string::npos;)
    model[at + 1] = 1;
  model.replace(model.rfind("\x98\x02\x01"), 3, std::string("\x98\x02\0", 3));
  EXPECT_EQ(said(model), "the vocabulary's model of subwords has no piece for byte 0x00");
  model.replace(model.rfind("lo"), 2, "\xFF\xFE");
  EXPECT_EQ(said(model).substr(0, 42), "the vocabulary's model of subwords: piece ");
}

// Files have checksums; one that was made to do harm has them too.
TEST(SubwordModel, SurvivesAnyByteThatIsAnother) {
  const std::string good = SubwordModel::train("bpe", 280, to_learn_from(sample_chunks(), 280));
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (at % 2 == 0 ? 0x7F : 0x11));
    try {
      const SubwordModel model(bad);
      std::vector<std::int32_t> tokens;
      model.encode(" lower", tokens);
      for (const std::int32_t token : tokens) EXPECT_LT(token, model.size());
    } catch (const InputError&) {
      ++refused;
    } catch (const RunError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace rondo
