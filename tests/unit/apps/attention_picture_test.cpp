#include "apps/predicting/attention_picture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/pictures/picture_file.hpp"

namespace rondo::apps {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
    ++count;
  }
  return count;
}

LookedAt letters() {
  return {
      {"d", "a", " ", "ü"}, {"T", "<&>"}, {{0, 0.25F, 0.5F, 0.25F}, {1, 0, 0, 0}, {0, 0, 0, 1}}};
}
LookedAt words() {
  return {{"In", "the", "beginning", "God", "created", "the", "heaven"},
          {"En", "el", "principio", "creó", "Dios", "los", "cielos"},
          {{0.9F, 0.05F, 0.05F, 0, 0, 0, 0},
           {0.1F, 0.7F, 0.2F, 0, 0, 0, 0},
           {0, 0.1F, 0.85F, 0.05F, 0, 0, 0},
           {0, 0, 0, 0.3F, 0.65F, 0.05F, 0},
           {0, 0, 0, 0.8F, 0.2F, 0, 0},
           {0, 0, 0, 0, 0.1F, 0.6F, 0.3F},
           {0, 0, 0, 0, 0, 0.2F, 0.8F},
           {0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.4F}}};
}

TEST(AttentionPicture, IsALineOfJson) {
  const std::string line = attention_line(letters());
  EXPECT_EQ(count_of(line, "\n"), 1U);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["source"], (std::vector<std::string>{"d", "a", " ", "ü"}));
  EXPECT_EQ(json["target"], (std::vector<std::string>{"T", "<&>"}));
  EXPECT_EQ(looked_at(line).weights, letters().weights);
  EXPECT_EQ(json["weights"],
            (std::vector<std::vector<float>>{{0, 0.25F, 0.5F, 0.25F}, {1, 0, 0, 0}, {0, 0, 0, 1}}));
}

TEST(AttentionPicture, HasASquareForEachWeight) {
  const std::string svg = attention_picture({letters()});
  EXPECT_EQ(count_of(svg, "<title>"), 12U);
  EXPECT_EQ(count_of(svg, " looks at ␣: "), 3U);  // a blank can be seen
  EXPECT_NE(svg.find("<title>&lt;&amp;&gt; looks at d: 1.000</title>"), std::string::npos);
  EXPECT_NE(svg.find(">end</text>"), std::string::npos);
  EXPECT_EQ(count_of(svg, "rotate"), 0U);                               // letters stand upright
  EXPECT_EQ(count_of(svg, "fill=\"#08306b\" stroke=\"#d55e00\""), 2U);  // of weight 1
  EXPECT_NE(svg.find(picture_mark("predict")), std::string::npos);
}

TEST(AttentionPicture, WordsAreSlanted) {
  EXPECT_EQ(count_of(attention_picture({words()}), "rotate(-45"), 7U);
}

// To look at: RONDO_PICTURES names a folder.
TEST(AttentionPicture, StandsBesideOthers) {
  const std::string svg = attention_picture({words(), letters(), letters(), words(), letters()});
  EXPECT_EQ(count_of(svg, "<g "), 5U);
  EXPECT_EQ(count_of(svg, "<g "), count_of(svg, "</g>"));
  EXPECT_EQ(attention_picture({}).rfind("</svg>\n"), attention_picture({}).size() - 7);
  if (const char* folder = std::getenv("RONDO_PICTURES")) {
    std::ofstream(std::string(folder) + "/attention.svg") << svg;
  }
}

}  // namespace
}  // namespace rondo::apps
