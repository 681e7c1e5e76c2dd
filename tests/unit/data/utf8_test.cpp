#include "data/text/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo {
namespace {

TEST(Utf8, EveryCodePointComesBack) {
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; ++code_point) {
    if (!utf8::is_scalar_value(code_point)) continue;
    std::string text;
    utf8::append(text, code_point);
    const utf8::Decoded decoded = utf8::decode(text);
    ASSERT_EQ(decoded.code_point, code_point);
    ASSERT_EQ(decoded.bytes, static_cast<int>(text.size()));
  }
}

TEST(Utf8, MalformedSequencesAreInvalid) {
  const std::vector<std::string> cases{
      "\x80",              // a continuation byte alone
      "\xC0\xAF",          // overlong '/'
      "\xC1\xBF",          // overlong DEL
      "\xE0\x9F\xBF",      // overlong U+07FF
      "\xF0\x8F\xBF\xBF",  // overlong U+FFFF
      "\xED\xA0\x80",      // surrogate U+D800
      "\xED\xBF\xBF",      // surrogate U+DFFF
      "\xF4\x90\x80\x80",  // U+110000
      "\xF5\x80\x80\x80",  // no such lead
      "\xFF",              // no such lead
      "\xC3(",             // second byte missing
      "\xE2\x82(",         // third byte missing
      "\xF0\x9F\x98(",     // fourth byte missing
  };
  for (const std::string& text : cases) {
    EXPECT_EQ(utf8::decode(text).code_point, utf8::invalid) << testing::PrintToString(text);
    EXPECT_EQ(utf8::valid_prefix("abcdefghij" + text + "z"), 10U);
  }
}

TEST(Utf8, APrefixOfACodePointIsTruncated) {
  for (const std::string whole : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
      EXPECT_EQ(utf8::decode(whole.substr(0, bytes)).code_point, utf8::truncated);
    }
  }
}

TEST(Utf8, ValidPrefixAndLengthCountMixedText) {
  const std::string text = "a long stretch of ASCII, then \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 end";
  EXPECT_EQ(utf8::valid_prefix(text), text.size());
  EXPECT_EQ(utf8::length(text), 30 + 3 + 4);
  EXPECT_EQ(utf8::valid_prefix(text.substr(0, 31)), 30U);
  EXPECT_EQ(utf8::valid_prefix(""), 0U);
}

// What stands at any distance from the ends of the blocks that are taken at once.
TEST(Utf8, ValidPrefixEndsAtTheSamePlaceWhereverItLies) {
  const std::vector<std::string> ends{"",
                                      "\x80",
                                      "\xC3",
                                      "\xC3(",
                                      "\xE2\x82",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xE0\x9F",
                                      "\xED\xA0",
                                      "\xF0\x9F\x98",
                                      "\xF5\x80\x80\x80"};
  for (const std::string filling :
       {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "b\xC3\xA9"}) {
    for (std::size_t before = 0; before < 4; ++before) {
      std::string text(before, 'x');
      for (int i = 0; i < 70; ++i, text += filling) {
        for (const std::string& end : ends) {
          ASSERT_EQ(utf8::valid_prefix(text + end), text.size()) << testing::PrintToString(end);
          if (end.empty()) continue;
          const std::string padded = text + end + std::string(70, 'x');
          ASSERT_EQ(utf8::valid_prefix(padded), text.size()) << testing::PrintToString(end);
        }
      }
    }
  }
}

TEST(Utf8, ValidPrefixTakesEveryCodePoint) {
  std::string text;
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; ++code_point) {
    if (utf8::is_scalar_value(code_point)) utf8::append(text, code_point);
  }
  EXPECT_EQ(utf8::valid_prefix(text), text.size());
}

TEST(Utf8, ForEachByteGivesTheCodePointsInOrder) {
  std::vector<std::int32_t> expected;
  std::string text;
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; code_point += 7) {
    if (!utf8::is_scalar_value(code_point)) continue;
    // ASCII between, so that blocks of it begin and end everywhere.
    for (std::int32_t i = 0; i < code_point % 23; ++i) expected.push_back('a' + i);
    expected.push_back(code_point);
    for (std::int32_t i = 0; i < code_point % 23; ++i) text += static_cast<char>('a' + i);
    utf8::append(text, code_point);
  }
  std::vector<std::int32_t> found;
  std::size_t bytes = 0;
  utf8::for_each_byte(text, [&](std::int32_t code_point, std::int32_t whole) {
    ++bytes;
    ASSERT_TRUE(code_point >= 0 && code_point < utf8::code_point_limit);
    if (whole == 1) found.push_back(code_point);
  });
  EXPECT_EQ(bytes, text.size());
  EXPECT_EQ(found, expected);
}

TEST(Utf8, DescribeShowsVisibleCharactersOnly) {
  EXPECT_EQ(utf8::describe('x'), "'x' (U+0078)");
  EXPECT_EQ(utf8::describe('\n'), "U+000A");
  EXPECT_EQ(utf8::describe(0x20AC), "'\xE2\x82\xAC' (U+20AC)");
}

}  // namespace
}  // namespace rondo
