// `rondo prepare --level word`.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/data/text_dataset.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::contents;
using test::error_of;
using test::TextFolder;

std::vector<std::int32_t> tokens_of(const TextDataset& dataset, const std::string& split) {
  const auto source = dataset.split(split);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(source->size()));
  source->read(0, tokens);
  return tokens;
}

std::string text_of(const TextDataset& dataset, const std::string& split) {
  return dataset.vocabulary().decode(tokens_of(dataset, split));
}

std::vector<std::int64_t> counts_of(const TextDataset& dataset) {
  const NamedArray& array = dataset.file().small().get("vocabulary/counts");
  const auto counts = dataset.file().small().get<std::int64_t>("vocabulary/counts", array.shape);
  return {counts.begin(), counts.end()};
}

class PrepareWords : public testing::Test {
 protected:
  PrepareWords() {
    options_.level = "word";
    options_.inputs = {folder_.write("train.txt", "b a b\nc <unk> b\f \f\fd a\n")};
    options_.validation_inputs = {folder_.write("valid.txt", "a e\nf b")};
    options_.test_inputs = {folder_.write("test.txt", "a b\n\n\f<unk> g\n")};
    options_.output = folder_ / "out.rondo";
  }
  TextFolder folder_;
  PrepareOptions options_;
};

TEST_F(PrepareWords, TheVocabularyIsTheTrainSplitsWithUnkAndEos) {
  const PrepareSummary summary = prepare_text(options_);
  const TextDataset dataset(options_.output);
  // b 3, <eos> 3, a 2, then once each: <unk>, c, d; bytewise where counts are equal.
  EXPECT_EQ(summary.vocabulary_size, 6);
  EXPECT_EQ(dataset.vocabulary().encode("<eos> b a <unk> c d"),
            (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(counts_of(dataset), (std::vector<std::int64_t>{3, 3, 2, 1, 1, 1}));
  EXPECT_EQ(text_of(dataset, "train"), "b a b\nc <unk> b\nd a\n");
  EXPECT_EQ(dataset.split("train")->documents(), (std::vector<std::int64_t>{0, 8}));
  EXPECT_EQ(text_of(dataset, "validation"), "a <unk>\n<unk> b\n");
  EXPECT_EQ(text_of(dataset, "test"), "a b\n\n<unk> <unk>\n");
  EXPECT_EQ(dataset.split("test")->documents(), (std::vector<std::int64_t>{0, 4}));
  EXPECT_EQ(dataset.file().large("train/tokens").type, ElementType::uint8);
  EXPECT_EQ(text_characters(dataset.file(), "validation"), 7);

  ASSERT_EQ(summary.splits.size(), 3U);
  EXPECT_EQ(summary.splits[0].tokens, 11);
  EXPECT_EQ(summary.splits[0].documents, 2);
  EXPECT_EQ(summary.splits[0].targets(), 9);
  EXPECT_EQ(summary.splits[0].unknown, 1);
  EXPECT_EQ(summary.splits[1].unknown, 2);
  EXPECT_EQ(summary.splits[2].unknown, 2);
  EXPECT_EQ(summary.tokens, 11 + 6 + 7);
}

TEST_F(PrepareWords, RareWordsAreUnknown) {
  options_.min_count = 2;
  EXPECT_EQ(prepare_text(options_).vocabulary_size, 4);
  const TextDataset by_count(options_.output);
  EXPECT_EQ(text_of(by_count, "train"), "b a b\n<unk> <unk> b\n<unk> a\n");
  EXPECT_EQ(counts_of(by_count), (std::vector<std::int64_t>{3, 3, 3, 2}));  // <eos> <unk> b a

  options_.min_count.reset();
  options_.vocabulary_size = 5;  // c comes before d
  EXPECT_EQ(prepare_text(options_).vocabulary_size, 5);
  EXPECT_EQ(text_of(TextDataset(options_.output), "train"), "b a b\nc <unk> b\n<unk> a\n");

  options_.vocabulary_size = 100;
  EXPECT_EQ(prepare_text(options_).vocabulary_size, 6);
}

TEST_F(PrepareWords, ASingleTextIsCutAtLinesAndWordsThatPiecesCutArriveWhole) {
  std::string text;
  for (int i = 0; text.size() < 3'000'000; ++i) {
    text += "line " + std::to_string(i % 1000) + " \xE2\x82\xAC\n";
  }
  options_.inputs = {folder_.write("long.txt", text)};
  options_.validation_inputs.clear();
  options_.test_inputs.clear();
  const PrepareSummary summary = prepare_text(options_);
  const TextDataset dataset(options_.output);
  EXPECT_EQ(summary.vocabulary_size, 1000 + 4);
  EXPECT_TRUE(text_of(dataset, "train") + text_of(dataset, "validation") +
                  text_of(dataset, "test") ==
              text);
  EXPECT_EQ(dataset.file().large("train/tokens").type, ElementType::uint16);
}

TEST_F(PrepareWords, TheSameTextGivesTheSameFile) {
  prepare_text(options_);
  const std::string first = contents(options_.output);
  prepare_text(options_);
  EXPECT_TRUE(contents(options_.output) == first);
}

TEST_F(PrepareWords, WhatIsWrongIsSaidAndNothingIsWritten) {
  const auto refused = [&](const std::string& message, auto change) {
    PrepareOptions options = options_;
    change(options);
    const std::string said = error_of([&] { prepare_text(options); });
    EXPECT_NE(said.find(message), std::string::npos) << said;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out.rondo"));
  };
  refused("--min-count is at least 1", [](auto& o) { o.min_count = 0; });
  refused("--vocabulary-size is at least 3", [](auto& o) { o.vocabulary_size = 2; });
  refused("the split 'test' would hold no words",
          [&](auto& o) { o.test_inputs = {folder_.write("t.txt", " \t ")}; });
  refused("is longer than",
          [&](auto& o) { o.test_inputs = {folder_.write("l.txt", std::string(3'000'000, 'x'))}; });
  using Change = std::function<void(PrepareOptions&)>;
  for (const auto& [message, give] : std::vector<std::pair<const char*, Change>>{
           {"--min-count is for words: add --level word", [](auto& o) { o.min_count = 1; }},
           {"--split-punctuation is for words: add --level word",
            [](auto& o) { o.split_punctuation = true; }},
           {"--vocabulary-size is for words and subwords: add --level word or subword",
            [](auto& o) { o.vocabulary_size = 10; }}}) {
    refused(message, [&, give = give](auto& o) {
      o.level = "char";
      give(o);
    });
  }
  refused("--subword-model is for subwords: add --level subword",
          [](auto& o) { o.subword_model = "bpe"; });
}

TEST_F(PrepareWords, ABaselineForWordsIsKneserNey) {
  prepare_text(options_);
  const TextDataset dataset(options_.output);
  const NgramLoss loss = ngram_baseline(dataset, "test", 3, Smoothing::kneser_ney);
  EXPECT_EQ(loss.targets, 5);
  EXPECT_GT(loss.loss, 0.5);
  EXPECT_LT(loss.loss, 3.0);
}

}  // namespace
}  // namespace rondo
