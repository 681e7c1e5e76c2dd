// `rondo prepare --level subword`.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/data/text_dataset.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::contents;
using test::error_of;
using test::TextFolder;

std::string text_of(const TextDataset& dataset, const std::string& split) {
  const auto source = dataset.split(split);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(source->size()));
  source->read(0, tokens);
  return dataset.vocabulary().decode(tokens);
}

std::string sentences(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "the lowest of " + std::to_string(i * 7919 % 1000) + " newer rivers is wider,\n";
  }
  return text;
}

class PrepareSubwords : public testing::Test {
 protected:
  PrepareSubwords() {
    options_.level = "subword";
    options_.vocabulary_size = 400;
    options_.inputs = {folder_.write("train.txt", sentences(200) + "\f" + sentences(50))};
    options_.validation_inputs = {folder_.write("valid.txt", "the \xE4\xB8\xAD low\xC3\xA9st")};
    options_.test_inputs = {folder_.write("test.txt", "a river\n\n\f\nthe  newest\t ")};
    options_.output = folder_ / "out.rondo";
  }
  TextFolder folder_;
  PrepareOptions options_;
};

TEST_F(PrepareSubwords, TheTextComesBackFromTheTokensOfEverySplit) {
  for (const char* kind : {"bpe", "unigram"}) {
    options_.subword_model = kind;
    const PrepareSummary summary = prepare_text(options_);
    const TextDataset dataset(options_.output);
    EXPECT_STREQ(dataset.vocabulary().level(), "subword");
    EXPECT_EQ(text_of(dataset, "train"), sentences(200) + sentences(50));
    EXPECT_EQ(text_of(dataset, "validation"), "the \xE4\xB8\xAD low\xC3\xA9st");
    EXPECT_EQ(text_of(dataset, "test"), "a river\n\n\nthe  newest\t ");
    EXPECT_EQ(dataset.split("test")->documents().size(), 2U);
    EXPECT_EQ(text_characters(dataset.file(), "validation"), 12);
    EXPECT_EQ(dataset.file().large("train/tokens").type, ElementType::uint16);

    ASSERT_EQ(summary.splits.size(), 3U);
    EXPECT_LE(summary.vocabulary_size, 400);
    EXPECT_EQ(summary.splits[0].documents, 2);
    EXPECT_EQ(summary.splits[0].unknown, 0);
    EXPECT_EQ(summary.splits[1].characters, 12);
    EXPECT_LT(summary.splits[0].tokens, summary.splits[0].characters);
    const NamedArray& array = dataset.file().small().get("vocabulary/counts");
    const auto counts = dataset.file().small().get<std::int64_t>("vocabulary/counts", array.shape);
    EXPECT_EQ(counts.size(), static_cast<std::size_t>(summary.vocabulary_size));
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}),
              summary.splits[0].tokens);
  }
}

TEST_F(PrepareSubwords, PiecesAreLearnedFromTheTrainSplitAlone) {
  prepare_text(options_);
  const TextDataset before(options_.output);
  options_.validation_inputs = {folder_.write("v.txt", "quite other quiet quills quote quorums")};
  options_.output = folder_ / "other.rondo";
  prepare_text(options_);
  EXPECT_TRUE(same_vocabulary(before.vocabulary(), TextDataset(options_.output).vocabulary()));
}

TEST_F(PrepareSubwords, TheSameTextGivesTheSameFile) {
  for (const char* kind : {"bpe", "unigram"}) {
    options_.subword_model = kind;
    prepare_text(options_);
    const std::string first = contents(options_.output);
    prepare_text(options_);
    EXPECT_TRUE(contents(options_.output) == first) << kind;
  }
}

TEST_F(PrepareSubwords, BoundariesOfTheReadersPiecesDoNotShow) {
  const std::string text = sentences(60'000);  // more than two of the reader's buffers
  options_.inputs = {folder_.write("long.txt", text)};
  options_.validation_inputs.clear();
  options_.test_inputs.clear();
  prepare_text(options_);
  const TextDataset dataset(options_.output);
  EXPECT_TRUE(text_of(dataset, "train") + text_of(dataset, "validation") +
                  text_of(dataset, "test") ==
              text);
}

TEST_F(PrepareSubwords, WhatIsWrongIsSaidAndNothingIsWritten) {
  const auto refused = [&](const std::string& message, auto change) {
    PrepareOptions options = options_;
    change(options);
    const std::string said = error_of([&] { prepare_text(options); });
    EXPECT_NE(said.find(message), std::string::npos) << said;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out.rondo"));
  };
  refused("--subword-model takes bpe or unigram, not \"wordpiece\"",
          [](auto& o) { o.subword_model = "wordpiece"; });
  refused("--vocabulary-size is 259 to 1000000 for subwords, not 258",
          [](auto& o) { o.vocabulary_size = 258; });
  refused("--vocabulary-size 270 is too small for this text",
          [](auto& o) { o.vocabulary_size = 270; });
  refused("no characters to learn subwords from",
          [&](auto& o) { o.inputs = {folder_.write("blank.txt", " \n\t\n")}; });
  refused("--min-count is for words", [](auto& o) { o.min_count = 2; });
  refused("--split-punctuation is for words", [](auto& o) { o.split_punctuation = true; });
}

}  // namespace
}  // namespace rondo
