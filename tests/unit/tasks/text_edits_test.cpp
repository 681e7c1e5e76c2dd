#include "tasks/figures/text_edits.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tasks/figures/text_figures.hpp"

namespace rondo::tasks {
namespace {

TEST(TextEdits, CountWhatIsPutInLeftOutAndExchanged) {
  const std::vector<std::string> given = {"straße", "aus", "", "gleich", "haus"};
  const std::vector<std::string> said = {"strase", "haus", "x", "gleich", "au"};
  const TextEdits edits = count_edits(given, said, {0, 2, 5, 7, 9});
  EXPECT_EQ(edits.characters, 6 + 3 + 0 + 6 + 4);
  EXPECT_EQ(edits.substitutions, 1);
  EXPECT_EQ(edits.insertions, 2);
  EXPECT_EQ(edits.deletions, 2);
  std::vector<std::string> confusions;
  for (const auto& each : edits.confusions) {
    confusions.push_back(each.given + ">" + each.said + std::to_string(each.times));
  }
  EXPECT_EQ(confusions, (std::vector<std::string>{">h1", ">x1", "h>1", "s>1", "ß>s1"}));
  ASSERT_EQ(edits.worst.size(), 4U);
  EXPECT_EQ(edits.worst[0].sequence, 9);
  EXPECT_EQ(edits.worst[0].edits, 2);
  EXPECT_EQ(edits.worst[0].characters, 4);
  EXPECT_EQ(edits.worst[1].sequence, 0);
  EXPECT_EQ(edits.worst[3].sequence, 5);
}

TEST(TextEdits, AreAsManyAsTheFigureCounts) {
  std::vector<std::string> given, said;
  std::vector<std::int64_t> numbers;
  std::uint32_t state = 7;
  const auto below = [&](std::uint32_t limit) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % limit;
  };
  for (int i = 0; i < 60; ++i) {
    given.emplace_back();
    said.emplace_back();
    for (std::uint32_t n = below(9); n > 0; --n) given.back() += "abc"[below(3)];
    for (std::uint32_t n = below(9); n > 0; --n) said.back() += "abcd"[below(4)];
    numbers.push_back(i);
  }
  const TextEdits edits = count_edits(given, said, numbers);
  const double rate = text_figures(given, said, ColumnKind::character).front().value;
  EXPECT_DOUBLE_EQ(static_cast<double>(edits.insertions + edits.deletions + edits.substitutions),
                   rate * static_cast<double>(edits.characters));
  EXPECT_EQ(edits.worst.size(), 10U);
  for (std::size_t i = 1; i < edits.worst.size(); ++i) {
    EXPECT_GE(edits.worst[i - 1].edits, edits.worst[i].edits);
  }
}

TEST(TextEdits, AreToldToPeopleAndPrograms) {
  const TextEdits edits = count_edits({"a b"}, {"ab"}, {3});
  const std::string text = edits_text(edits);
  EXPECT_NE(text.find("3 characters: 0 put in, 1 left out, 0 exchanged"), std::string::npos);
  EXPECT_NE(text.find("a blank     nothing            1"), std::string::npos);
  EXPECT_NE(text.find("sequence 4, 1 of 3 characters wrong"), std::string::npos);
  const auto json = edits_json(edits);
  EXPECT_EQ(json["confusions"][0]["given"], " ");
  EXPECT_EQ(json["worst"][0]["sequence"], 4);
  EXPECT_EQ(edits_text(count_edits({"a"}, {"a"}, {0})),
            "1 characters: 0 put in, 0 left out, 0 exchanged\n");
}

}  // namespace
}  // namespace rondo::tasks
