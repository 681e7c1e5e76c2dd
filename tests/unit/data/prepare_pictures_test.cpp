// Columns whose cells are paths of pictures: from a table to windows, and to answers.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/features/file_features.hpp"
#include "data/tables/rows/table_stream.hpp"
#include "picture_files.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

using Numbers = std::vector<double>;

// As they are stored.
Numbers floats(const Numbers& numbers) {
  const std::vector<float> rounded(numbers.begin(), numbers.end());
  return {rounded.begin(), rounded.end()};
}

using Lengths = std::vector<std::int32_t>;

Lengths lengths(const SequenceSource& sequences) {
  return {sequences.lengths().begin(), sequences.lengths().end()};
}

class PreparePictures : public test::PrepareTable {
 protected:
  PreparePictures() {
    folder_.write("p/a.png", test::gray_png(2, 2, {0, 51, 102, 153}));
    folder_.write("p/b.png", test::gray_png(2, 3, {255, 0, 255, 0, 255, 0}));
  }
  // Of columns of two pixels.
  TableOptions pictures(const std::string& more = "") {
    TableOptions made = options("kind,picture\nx,p/a.png\ny,p/b.png\n" + more);
    return made;
  }
};

TEST_F(PreparePictures, become_steps_of_numbers) {
  const TableSummary summary = prepare_table(pictures());
  const auto train = open("train");
  EXPECT_TRUE(summary.guessed[0]);
  EXPECT_STREQ(columns_[0].kind_in_table(), "image");
  EXPECT_TRUE(columns_[0].is_real());
  EXPECT_EQ(columns_[0].width, 2);
  EXPECT_EQ(lengths(*train), (Lengths{2, 3}));
  EXPECT_EQ(numbers(*train, 0, 10), floats({0, .4, .2, .6, 1, 0, 0, 1, 1, 0}));
  // All pixels are of one scale.
  EXPECT_EQ(columns_[0].mean[0], columns_[0].mean[1]);
  EXPECT_NEAR(columns_[0].mean[0], .42, 1e-7);
  EXPECT_EQ(columns_[0].deviation[0], columns_[0].deviation[1]);
  EXPECT_NEAR(columns_[0].deviation[0], std::sqrt((.16 + .04 + .36 + 3) / 10 - .42 * .42), 1e-7);
}

TEST_F(PreparePictures, are_found_from_the_folder_of_their_table) {
  TableOptions below = pictures();
  below.inputs = {folder_.write(
      "q/t.csv", "kind,picture\nx,../p/a.png\ny," + (folder_ / "p/b.png").string() + "\n")};
  below.sources = {"picture:image"};
  prepare_table(below);
  EXPECT_EQ(open("train")->sequences(), 2);
}

TEST_F(PreparePictures, are_read_by_predict_with_the_same_bits) {
  TableOptions table = pictures();
  table.features = {{"picture-height", "5"}};
  prepare_table(table);
  const auto train = open("train");
  TableInput input;
  input.files = {folder_.write("new.txt", "p/a.png\np/b.png\n")};
  TableStream stream(input, columns_);
  MemorySequences read(columns_);
  while (stream.next(read)) {
  }
  ASSERT_EQ(lengths(read), lengths(*train));
  const auto count = static_cast<std::size_t>(read.starts().back()) * 5;
  EXPECT_EQ(numbers(read, 0, count), numbers(*train, 0, count));
}

TEST_F(PreparePictures, are_scaled_by_known_columns_as_those_are) {
  prepare_table(pictures());
  open("train");
  folder_.write("large.png", test::gray_png(4, 4, std::vector<std::uint8_t>(16, 51)));
  TableOptions more = options("kind,picture\nx,large.png\n");
  more.output = folder_ / "more.rondo";
  more.columns = columns_;
  more.columns_from = "t.rondo";
  more.targets.clear();
  const TableSummary summary = prepare_table(more);
  EXPECT_EQ(summary.lengths, std::vector<std::int32_t>{2});
  EXPECT_EQ(summary.columns[0].features->settings(), columns_[0].features->settings());
  more.features = {{"picture-height", "5"}};
  EXPECT_EQ(folder_.refusal([&] { prepare_table(more); }),
            "--columns-from t.rondo says what the columns are for: leave the other options out");
}

TEST_F(PreparePictures, may_be_one_value_of_a_sequence) {
  TableOptions table =
      options("kind,picture,n,id\nx,p/a.png,1,u\nx,p/a.png,2,u\ny,p/a.png,3,v\ny,p/a.png,4,v\n");
  table.features = {{"picture-steps", "whole"}};
  table.sources = {"n"};
  table.constants = {"picture"};
  table.group = "id";
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(columns_[1].scope, ColumnScope::sequence);
  EXPECT_EQ(numbers(*train, 1, 8), floats({0, .2, .4, .6, 0, .2, .4, .6}));
  // Or a step a row.
  table.sources = {"n", "picture"};
  table.constants.clear();
  std::filesystem::remove(folder_ / "t.rondo");
  prepare_table(table);
  EXPECT_EQ(lengths(*open("train")), (Lengths{2, 2}));
  std::filesystem::remove(folder_ / "t.rondo");
  table.features.clear();
  EXPECT_EQ(refusal(table),
            "--source picture: a row is a step, and a picture is many steps: --task classify reads "
            "it with --source, a row being a sequence; --picture-steps whole makes it one");
}

TEST_F(PreparePictures, that_are_bad_are_named_with_their_rows) {
  EXPECT_EQ(refusal(pictures("x,p/none.png\n")),
            "t.csv, line 4, column 'picture': the picture p/none.png does not exist");
  folder_.write("p/c.png", "words\n");
  EXPECT_EQ(refusal(pictures("x,p/c.png\n")),
            "t.csv, line 4, column 'picture': p/c.png is neither a PNG nor a JPEG: convert it");
  EXPECT_EQ(refusal(pictures("x,\n")),
            "t.csv, line 4, column 'picture': the path of a file is missing: fill it in or leave "
            "the row out");
  TableOptions wrong = pictures();
  wrong.sources = {"picture:film"};
  EXPECT_EQ(refusal(wrong),
            "--source picture:film: the kinds of a column are char, word, subword, real, class, "
            "labels, image or audio, not \"film\"");
  wrong.sources = {"picture:word"};
  wrong.features = {{"picture-height", "3"}};
  EXPECT_EQ(refusal(wrong),
            "--picture-height is for columns of the kind image, and there is none: name one, "
            "--source NAME:image");
  wrong = pictures();
  wrong.sources = {"kind"};
  wrong.targets = {"picture:image"};
  EXPECT_EQ(refusal(wrong), "--target picture: the kind image is for --source and --static");
  wrong.targets = {"kind"};
  wrong.sources.clear();
  wrong.constants = {"picture"};
  EXPECT_EQ(refusal(wrong), "no column is left for the network to read: give --source NAME");
}

TEST_F(PreparePictures, of_a_folder_are_of_its_class_or_have_a_text_beside_them) {
  for (const char* name : {"in/x/a.png", "in/y/b.PNG"}) {
    folder_.write(name, test::gray_png(2, 2, {0, 51, 102, 153}));
  }
  TableOptions classes = options("");
  classes.inputs = {folder_ / "in"};
  classes.targets.clear();
  TableSummary summary = prepare_table(classes);
  EXPECT_STREQ(summary.columns[0].kind_in_table(), "image");
  EXPECT_EQ(summary.columns[1].name, "label");
  std::filesystem::remove(folder_ / "t.rondo");

  TableOptions pairs = options("");
  pairs.inputs = {folder_ / "pairs"};
  pairs.targets.clear();
  pairs.says = TableTargets::sequences;
  pairs.task = "transduce";
  folder_.write("pairs/1.png", test::gray_png(2, 2, {0, 51, 102, 153}));
  folder_.write("pairs/1.gt.txt", "ab\n");
  folder_.write("pairs/2.png", test::gray_png(2, 2, {0, 51, 102, 153}));
  EXPECT_EQ(refusal(pairs),
            "pairs/2.png has no text beside it: write pairs/2.txt, or take the file away");
  folder_.write("pairs/2.txt", "b\n");
  folder_.write("pairs/3.txt", "c\n");
  EXPECT_EQ(refusal(pairs), "pairs/3.txt has no picture beside it: add it, or take the text away");
  std::filesystem::remove(folder_ / "pairs/3.txt");
  summary = prepare_table(pairs);
  EXPECT_EQ(summary.columns[0].name, "path");
  EXPECT_EQ(summary.columns[1].name, "text");
  EXPECT_EQ(summary.target_lengths, (std::vector<std::int32_t>{1, 2}));
}

}  // namespace
}  // namespace rondo
