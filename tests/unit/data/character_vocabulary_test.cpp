#include "data/vocabularies/character_vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "input_error.hpp"

namespace rondo {
namespace {

using test::error_of;

const CharacterVocabulary& letters() {
  static const CharacterVocabulary vocabulary({'e', 'a', ' ', '\'', 0xE9, 0x1F600});
  return vocabulary;
}

TEST(CharacterVocabulary, TokensAreTheOrderOfTheCodePoints) {
  EXPECT_EQ(letters().size(), 6);
  EXPECT_EQ(letters().token('e'), 0);
  EXPECT_EQ(letters().token(0x1F600), 5);
  EXPECT_EQ(letters().token('z'), -1);
  EXPECT_EQ(letters().code_point(3), '\'');
}

TEST(CharacterVocabulary, EncodeAndDecodeAreInverse) {
  const std::string text = "a \xC3\xA9'e\xF0\x9F\x98\x80";
  const std::vector<std::int32_t> tokens = letters().encode(text);
  EXPECT_EQ(tokens, (std::vector<std::int32_t>{1, 2, 4, 3, 0, 5}));
  EXPECT_EQ(letters().decode(tokens), text);
  EXPECT_TRUE(letters().encode("").empty());
}

TEST(CharacterVocabulary, AnUnknownCharacterIsNamedWithAnOffer) {
  EXPECT_EQ(error_of([] { letters().encode("a\xE2\x80\x99"); }),
            "character '\xE2\x80\x99' (U+2019) at byte offset 1 is not in the vocabulary of 6; "
            "the nearest is ''' (U+0027)");
  EXPECT_NE(error_of([] { letters().encode("E"); }).find("nearest is 'e'"), std::string::npos);
  EXPECT_NE(error_of([] { letters().encode("f"); }).find("nearest is 'e'"), std::string::npos);
  EXPECT_NE(error_of([] { letters().encode("\xC3\xA8"); }).find("nearest is '\xC3\xA9'"),
            std::string::npos);
}

TEST(CharacterVocabulary, InvalidUtf8IsNamedByItsOffset) {
  EXPECT_EQ(error_of([] { letters().encode("ae\xFF"); }),
            "the text is not valid UTF-8 at byte offset 2");
  EXPECT_EQ(error_of([] { letters().encode("a\xC3"); }),
            "the text is not valid UTF-8 at byte offset 1");
}

TEST(CharacterVocabulary, RefusesWhatIsNoVocabulary) {
  EXPECT_NE(error_of([] { CharacterVocabulary(std::vector<std::int32_t>{}); }).find("at least one"),
            std::string::npos);
  EXPECT_EQ(error_of([] {
              CharacterVocabulary({'a', 'b', 'a'});
            }),
            "vocabulary: 'a' (U+0061) is there twice, as entries 0 and 2");
  EXPECT_NE(error_of([] {
              CharacterVocabulary({'a', 0xD800});
            }).find("entry 1 is 55296"),
            std::string::npos);
  EXPECT_NE(error_of([] { CharacterVocabulary({-1}); }).find("entry 0"), std::string::npos);
}

TEST(CharacterVocabulary, DecodeRefusesTokensOutsideIt) {
  const std::vector<std::int32_t> tokens{6};
  EXPECT_THROW(letters().decode(tokens), RunError);
}

TEST(CharacterVocabulary, SurvivesANamedState) {
  NamedState state;
  letters().save(state);
  EXPECT_EQ(CharacterVocabulary::load(state).code_points(), letters().code_points());
  EXPECT_TRUE(same_vocabulary(*load_vocabulary(state), letters()));
  EXPECT_FALSE(same_vocabulary(CharacterVocabulary({'e'}), letters()));
  EXPECT_THROW(load_vocabulary(NamedState()), InputError);
}

}  // namespace
}  // namespace rondo
