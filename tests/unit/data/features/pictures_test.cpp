// Pictures as steps of numbers.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "../text_folder.hpp"
#include "data/features/file_features.hpp"
#include "data/features/pictures/scaling.hpp"
#include "picture_files.hpp"

namespace rondo {
namespace {

using test::gray_png;
using test::jpeg;
using test::png;
using Numbers = std::vector<double>;

class Pictures : public testing::Test {
 protected:
  // What a picture becomes.
  Numbers read(const std::string& bytes, const FeatureTexts& settings = {}) {
    const auto file = folder_.write("p.png", bytes);
    Numbers numbers;
    const auto features = find_file_kind("image")->make(settings, file);
    features->read(file, numbers);
    width_ = features->width();
    return numbers;
  }
  std::string refusal(const std::string& bytes, const FeatureTexts& settings = {}) {
    return folder_.refusal([&] { read(bytes, settings); });
  }

  test::TextFolder folder_;
  int width_ = 0;
};

const FeatureTexts rows{{"picture-steps", "rows"}};
const FeatureTexts colour_rows{{"picture-steps", "rows"}, {"picture-colours", "rgb"}};

TEST_F(Pictures, are_what_their_files_hold) {
  EXPECT_EQ(read(gray_png(1, 3, {0, 51, 255}), rows), (Numbers{0, 0.2, 1}));
  EXPECT_EQ(width_, 3);
  const std::vector<std::uint16_t> fine{0, 13107, 65535, 1};
  EXPECT_EQ(
      read(png({.height = 1, .width = 4, .bits = 16, .values = test::bytes_of_16(fine)}), rows),
      (Numbers{0, 0.2, 1, 1.0 / 65535}));
  // One bit a pixel: 1 0 1 1.
  EXPECT_EQ(read(png({.height = 1, .width = 4, .bits = 1, .values = {0xB0}}), rows),
            (Numbers{1, 0, 1, 1}));
  EXPECT_EQ(read(png({.height = 1,
                      .width = 2,
                      .colours = SPNG_COLOR_TYPE_TRUECOLOR,
                      .values = {255, 0, 0, 0, 51, 255}}),
                 colour_rows),
            (Numbers{1, 0, 0, 0, 0.2, 1}));
  EXPECT_EQ(width_, 6);
  EXPECT_EQ(read(png({.height = 1,
                      .width = 3,
                      .colours = SPNG_COLOR_TYPE_TRUECOLOR,
                      .values = {255, 0, 0, 0, 255, 0, 7, 7, 7}}),
                 rows),
            (Numbers{0.299, 0.587, 7.0 / 255}));
}

TEST_F(Pictures, lie_on_white_where_they_are_not_opaque) {
  EXPECT_EQ(read(png({.height = 1,
                      .width = 3,
                      .colours = SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                      .values = {0, 0, 0, 51, 102, 255}}),
                 rows),
            (Numbers{1, 0.8, 0.4}));
  EXPECT_EQ(read(png({.height = 1,
                      .width = 2,
                      .colours = SPNG_COLOR_TYPE_INDEXED,
                      .values = {1, 0},
                      .palette = {{255, 0, 0, 255}, {0, 0, 255, 255}},
                      .opacity = {51, 255}}),
                 colour_rows),
            (Numbers{0, 0, 1, 1, 0.8, 0.8}));
}

TEST_F(Pictures, that_are_interlaced_are_the_same) {
  std::vector<std::uint8_t> values(9 * 7);
  std::iota(values.begin(), values.end(), std::uint8_t{3});
  EXPECT_EQ(read(png({.height = 9, .width = 7, .values = values, .interlaced = true})),
            read(gray_png(9, 7, values)));
}

TEST_F(Pictures, are_cut_into_steps) {
  const std::string file = gray_png(2, 4, {0, 51, 102, 153, 204, 255, 0, 51});
  EXPECT_EQ(read(file), (Numbers{0, .8, .2, 1, .4, 0, .6, .2}));  // columns
  EXPECT_EQ(width_, 2);
  EXPECT_EQ(read(file, rows), (Numbers{0, .2, .4, .6, .8, 1, 0, .2}));
  EXPECT_EQ(width_, 4);
  const Numbers by_rows = read(file, rows);
  EXPECT_EQ(read(file, {{"picture-steps", "whole"}}), by_rows);
  EXPECT_EQ(width_, 8);
  EXPECT_EQ(read(file, {{"picture-steps", "patches"}, {"picture-patch", "2"}}),
            (Numbers{0, .2, .8, 1, .4, .6, 0, .2}));
  EXPECT_EQ(width_, 4);
  // Scaled to whole patches.
  EXPECT_EQ(read(file, {{"picture-steps", "patches"}, {"picture-patch", "3"}}).size(), 9U);
}

TEST_F(Pictures, are_scaled_to_one_height_by_their_proportions) {
  const FeatureTexts low{{"picture-height", "1"}};
  const Numbers means = read(gray_png(2, 4, {0, 51, 102, 153, 204, 255, 0, 51}), low);
  ASSERT_EQ(means.size(), 2U);
  EXPECT_DOUBLE_EQ(means[0], .5);
  EXPECT_DOUBLE_EQ(means[1], .3);
  EXPECT_EQ(read(gray_png(2, 4, std::vector<std::uint8_t>(8, 51)), {{"picture-height", "5"}}),
            Numbers(50, .2));
  EXPECT_EQ(read(gray_png(2, 4, std::vector<std::uint8_t>(8, 51)),
                 {{"picture-height", "7"}, {"picture-width", "3"}}),
            Numbers(21, .2));
  // One pixel is a picture.
  EXPECT_EQ(read(gray_png(1, 1, {51}), {{"picture-height", "3"}}), Numbers(9, .2));
}

TEST_F(Pictures, are_scaled_as_the_first_where_nobody_says_how) {
  const auto first = folder_.write("first.png", gray_png(2, 1, {0, 255}));
  const auto other = folder_.write("other.png", gray_png(4, 4, std::vector<std::uint8_t>(16, 51)));
  const auto features = find_file_kind("image")->make({}, first);
  Numbers numbers;
  features->read(other, numbers);
  EXPECT_EQ(numbers, Numbers(4, .2));
  // And so by what a checkpoint keeps.
  const auto again = load_features("image", features->settings());
  EXPECT_EQ(again->settings(), features->settings());
  Numbers second;
  again->read(other, second);
  EXPECT_EQ(second, numbers);
}

TEST(Scaling, is_the_mean_over_areas_or_linear_between_centres) {
  const Numbers values{0, 3, 9, 30};
  const auto scaled = [&](std::int64_t from, std::int64_t to) {
    const AxisScale scale(from, to);
    Numbers all;
    for (std::int64_t i = 0; i < scale.to(); ++i) all.push_back(scale.value(values.data(), 1, i));
    return all;
  };
  EXPECT_EQ(scaled(4, 2), (Numbers{1.5, 19.5}));
  EXPECT_EQ(scaled(3, 2), (Numbers{1, 7}));  // (0 + 0 + 3) / 3, (3 + 9 + 9) / 3
  EXPECT_EQ(scaled(4, 4), values);
  EXPECT_EQ(scaled(2, 4), (Numbers{0, .75, 2.25, 3}));
  EXPECT_EQ(scaled(1, 3), (Numbers{0, 0, 0}));
}

TEST_F(Pictures, are_turned_as_their_metadata_tell) {
  //  0 1 2
  //  3 4 5
  const std::vector<std::uint8_t> values{0, 51, 102, 153, 204, 255};
  const auto turned = [&](char orientation) {
    Numbers numbers = read(
        png({.height = 2, .width = 3, .values = values, .exif = test::exif(orientation)}), rows);
    for (double& number : numbers) number *= 5;
    return numbers;
  };
  EXPECT_EQ(turned(1), (Numbers{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(turned(2), (Numbers{2, 1, 0, 5, 4, 3}));
  EXPECT_EQ(turned(3), (Numbers{5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(turned(4), (Numbers{3, 4, 5, 0, 1, 2}));
  EXPECT_EQ(turned(5), (Numbers{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(turned(6), (Numbers{3, 0, 4, 1, 5, 2}));
  EXPECT_EQ(turned(7), (Numbers{5, 2, 4, 1, 3, 0}));
  EXPECT_EQ(turned(8), (Numbers{2, 5, 1, 4, 0, 3}));
  EXPECT_EQ(turned(9), turned(1));
}

TEST_F(Pictures, of_jpeg_are_close_to_what_was_written) {
  std::vector<std::uint8_t> values;
  for (int i = 0; i < 16 * 24; ++i) {
    for (int channel = 0; channel < 3; ++channel) {
      values.push_back(static_cast<std::uint8_t>(40 + i / 3 + 20 * channel));
    }
  }
  const std::string file = jpeg(16, 24, values);
  const Numbers numbers = read(file, colour_rows);
  ASSERT_EQ(numbers.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(numbers[i] * 255, values[i], 4);
  // Even gray comes back exactly.
  EXPECT_EQ(read(jpeg(9, 11, std::vector<std::uint8_t>(9 * 11 * 3, 51)), rows), Numbers(99, .2));

  for (const bool little : {false, true}) {
    const std::string rotated = test::with_exif(file, test::exif(6, little));
    EXPECT_EQ(read(rotated, rows).size(), 24U * 16U);
    EXPECT_EQ(width_, 16);
  }
}

TEST_F(Pictures, that_cannot_be_read_are_named) {
  const std::string good = gray_png(8, 8, std::vector<std::uint8_t>(64, 100));
  EXPECT_EQ(refusal(""), "p.png is empty, but is to be a picture");
  EXPECT_EQ(refusal("not a picture\n"), "p.png is neither a PNG nor a JPEG: convert it");
  EXPECT_EQ(refusal("GIF89a\1\0\1\0"), "p.png is neither a PNG nor a JPEG: convert it");
  EXPECT_TRUE(refusal(good.substr(0, 20)).starts_with("p.png: the PNG is damaged: "));
  EXPECT_TRUE(refusal(good.substr(0, good.size() - 16)).starts_with("p.png: the PNG is damaged: "));
  EXPECT_TRUE(refusal(good.substr(0, good.size() - 6)).starts_with("p.png: the PNG is damaged: "));
  std::string flipped = good;
  flipped[good.size() - 20] ^= 4;
  EXPECT_TRUE(refusal(flipped).starts_with("p.png: the PNG is damaged: "));
  const std::vector<std::uint8_t> noise = [] {
    std::vector<std::uint8_t> values;
    for (unsigned i = 0; i < 32 * 32 * 4; ++i) {
      values.push_back(static_cast<std::uint8_t>(i * i * 31U >> 3U));
    }
    return values;
  }();
  const std::string lossy = jpeg(32, 32, noise);
  EXPECT_EQ(refusal(lossy), "");
  EXPECT_TRUE(refusal(lossy.substr(0, 30)).starts_with("p.png: the JPEG is damaged: "));
  EXPECT_TRUE(
      refusal(lossy.substr(0, lossy.size() / 2)).starts_with("p.png: the JPEG is damaged: "));
  EXPECT_EQ(refusal(jpeg(32, 32, noise, TJPF_CMYK)),
            "p.png has the colours of print (CMYK): convert it to RGB");
  EXPECT_EQ(refusal(gray_png(10000, 1, std::vector<std::uint8_t>(10000))),
            "p.png has 10000 x 1 pixels (height x width): a picture may have 8192 on a side and 16 "
            "million in all: cut it or scale it down");
  EXPECT_EQ(refusal(gray_png(1, 300, std::vector<std::uint8_t>(300)), {{"picture-height", "64"}}),
            "p.png has 1 x 300 pixels (height x width), and would be scaled to 64 x 19200: a side "
            "may have 8192 at most");
  EXPECT_EQ(refusal(gray_png(1025, 1025, std::vector<std::uint8_t>(1025 * 1025)),
                    {{"picture-steps", "whole"}}),
            "a step of 1050625 numbers is more than a network reads: make it smaller with "
            "--picture-height and --picture-width");
  const auto kind = find_file_kind("image");
  EXPECT_EQ(folder_.refusal([&] { kind->make({}, folder_ / "none.png"); }),
            "the picture none.png does not exist");
  std::filesystem::create_directory(folder_ / "d.png");
  EXPECT_EQ(folder_.refusal([&] { kind->make({}, folder_ / "d.png"); }),
            "d.png is no file, but is to be a picture");
  EXPECT_EQ(refusal(good, {{"picture-height", "9000"}}),
            "--picture-height takes a whole number from 0 to 8192, not \"9000\"");
  EXPECT_EQ(refusal(good, {{"picture-steps", "diagonals"}}),
            "--picture-steps takes columns, rows, patches or whole, not \"diagonals\"");
  EXPECT_EQ(folder_.refusal([&] { load_features("image", {}); }),
            "what pictures are scaled to is not told");
  EXPECT_EQ(folder_.refusal([&] { load_features("film", {}); }),
            "a column is read from files of the kind \"film\"");
}

}  // namespace
}  // namespace rondo
