#include "rondo/data/prepare_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "data/text/utf8.hpp"
#include "input_error.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/text_dataset.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::contents;
using test::error_of;
using test::TextFolder;

// A split's documents as text.
std::vector<std::string> documents_of(const TextDataset& dataset, const std::string& split) {
  const auto source = dataset.split(split);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(source->size()));
  source->read(0, tokens);
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < source->documents().size(); ++i) {
    const auto first = static_cast<std::size_t>(source->documents()[i]);
    const auto last = i + 1 < source->documents().size()
                          ? static_cast<std::size_t>(source->documents()[i + 1])
                          : tokens.size();
    documents.push_back(
        dataset.vocabulary().decode(std::span(tokens).subspan(first, last - first)));
  }
  return documents;
}

std::string joined(const std::vector<std::string>& documents) {
  std::string all;
  for (const std::string& document : documents) all += document;
  return all;
}

PrepareOptions options_for(const TextFolder& folder, std::vector<std::filesystem::path> inputs) {
  PrepareOptions options;
  options.inputs = std::move(inputs);
  options.output = folder / "out.rondo";
  return options;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

TEST(PrepareText, ASingleTextIsCutAtLines) {
  const TextFolder folder;
  const std::string text = numbered_lines(1000);
  const PrepareOptions options = options_for(folder, {folder.write("a.txt", text)});
  const PrepareSummary summary = prepare_text(options);
  const TextDataset dataset(options.output);
  const auto train = joined(documents_of(dataset, "train"));
  const auto validation = joined(documents_of(dataset, "validation"));
  const auto test = joined(documents_of(dataset, "test"));
  EXPECT_EQ(train + validation + test, text);
  EXPECT_EQ(train.back(), '\n');
  EXPECT_EQ(validation.back(), '\n');
  // At the first end of a line at or behind the share's place.
  const std::size_t from_test = text.size() - (text.size() + 10) / 20;
  EXPECT_EQ(train.size() + validation.size(), text.find('\n', from_test - 1) + 1);
  ASSERT_EQ(summary.splits.size(), 3U);
  EXPECT_EQ(summary.files, 1);
  EXPECT_EQ(summary.documents, 3);
  EXPECT_EQ(summary.characters, static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(summary.vocabulary_size, 16);  // "line ", ten digits, the line's end; e, i, l, n
  EXPECT_EQ(summary.splits[1].name, "validation");
  EXPECT_EQ(summary.splits[1].characters, static_cast<std::int64_t>(validation.size()));
  EXPECT_EQ(summary.splits[1].targets(), static_cast<std::int64_t>(validation.size()) - 1);
  EXPECT_EQ(summary.fingerprint, dataset.file().fingerprint());
}

// Wherever the share's place falls: inside a line, on its end, on a document's end.
TEST(PrepareText, CutsAreTheFirstEndOfALineForAnyShare) {
  const TextFolder folder;
  const std::string first =
                        "\xC3\xA4"
                        "b\ncd\n\nef",
                    second = "ghi\njk\n";  // no end of line last
  const auto file = folder.write("a.txt", first + "\f" + second);
  // Ends of lines and documents, in characters: 3, 6, 7, 9, 13, 16.
  const std::vector<std::int64_t> ends{3, 6, 7, 9, 13, 16};
  for (std::int64_t from_test = 1; from_test <= 13; ++from_test) {
    PrepareOptions options = options_for(folder, {file});
    options.validation = 0.0;
    options.test = static_cast<double>(16 - from_test) / 16;
    prepare_text(options);
    const TextDataset dataset(options.output);
    const std::int64_t expected = *std::lower_bound(ends.begin(), ends.end(), from_test);
    EXPECT_EQ(dataset.split("train")->size(), expected) << from_test;
    EXPECT_FALSE(dataset.has_split("validation"));
    EXPECT_EQ(joined(documents_of(dataset, "train")) + joined(documents_of(dataset, "test")),
              first + second);
  }
}

// Texts of one line, or whose last line is longer than a split: behind a carriage return, else
// white space, else any character.
TEST(PrepareText, TextsWithoutEndsOfLinesAreCutAtWhatTheyHave) {
  const TextFolder folder;
  const auto parts_of = [&](const std::string& text) {
    const PrepareOptions options = options_for(folder, {folder.write("a.txt", text)});
    prepare_text(options);
    const TextDataset dataset(options.output);
    const std::vector<std::string> parts{joined(documents_of(dataset, "train")),
                                         joined(documents_of(dataset, "validation")),
                                         joined(documents_of(dataset, "test"))};
    EXPECT_EQ(parts[0] + parts[1] + parts[2], text);
    return parts;
  };
  std::string words, old_lines, letters;
  for (int i = 0; i < 97; ++i) {  // no share's place is an end of a word
    words += "a_word ";
    old_lines += "a line\r";
    letters += "\xC3\xA4";  // one character
  }
  EXPECT_EQ(parts_of(words)[1], "a_word a_word a_word a_word a_word ");
  EXPECT_EQ(parts_of(words)[2], "a_word a_word a_word a_word ");
  EXPECT_EQ(parts_of(old_lines)[1], "a line\ra line\ra line\ra line\ra line\r");
  EXPECT_EQ(parts_of(letters)[1].size(), 10U);  // five characters
  EXPECT_EQ(parts_of(letters)[2].size(), 10U);
  EXPECT_EQ(parts_of("a\nb\n" + words)[2], "a_word a_word a_word a_word ");
}

TEST(PrepareText, ManyDocumentsAreSplitWhole) {
  const TextFolder folder;
  std::vector<std::string> documents;
  for (int i = 0; i < 60; ++i) {
    const std::string name = std::to_string(100 + i);
    documents.push_back(name + std::string(static_cast<std::size_t>(i), '.'));
    folder.write("texts/" + name + ".txt", documents.back());
  }
  const PrepareOptions options = options_for(folder, {folder / "texts"});
  const PrepareSummary summary = prepare_text(options);
  const TextDataset dataset(options.output);
  const auto slice = [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    return std::vector<std::string>(documents.begin() + first, documents.begin() + last);
  };
  EXPECT_EQ(documents_of(dataset, "train"), slice(0, 54));
  EXPECT_EQ(documents_of(dataset, "validation"), slice(54, 57));
  EXPECT_EQ(documents_of(dataset, "test"), slice(57, 60));
  EXPECT_EQ(summary.files, 60);
  EXPECT_EQ(summary.documents, 60);
}

TEST(PrepareText, SplitsMayHaveFilesOfTheirOwn) {
  const TextFolder folder;
  PrepareOptions options = options_for(folder, {folder.write("train.txt", "one\ftwo")});
  options.test_inputs = {folder.write("test.txt", "three\f\ffour")};
  options.validation_inputs = {folder.write("validation.txt", "five")};
  prepare_text(options);
  const TextDataset dataset(options.output);
  EXPECT_EQ(documents_of(dataset, "train"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(documents_of(dataset, "validation"), (std::vector<std::string>{"five"}));
  EXPECT_EQ(documents_of(dataset, "test"), (std::vector<std::string>{"three", "four"}));
}

TEST(PrepareText, OneSplitMayHaveFilesAndTheOtherAShare) {
  const TextFolder folder;
  const std::string text = numbered_lines(100);
  PrepareOptions options = options_for(folder, {folder.write("a.txt", text)});
  options.validation_inputs = {folder.write("validation.txt", "line x\n")};
  prepare_text(options);
  const TextDataset dataset(options.output);
  EXPECT_EQ(joined(documents_of(dataset, "train")) + joined(documents_of(dataset, "test")), text);
  EXPECT_EQ(documents_of(dataset, "validation"), (std::vector<std::string>{"line x\n"}));
}

TEST(PrepareText, TheVocabularyIsByCountThenCodePoint) {
  const TextFolder folder;
  PrepareOptions options = options_for(folder, {folder.write("a.txt", "bbaacccd\xC3\xA9\xC3\xA9")});
  options.validation = options.test = 0.0;
  prepare_text(options);
  const TextDataset dataset(options.output);
  EXPECT_EQ(dataset.vocabulary().encode("cab\xC3\xA9"
                                        "d"),
            (std::vector<std::int32_t>{0, 1, 2, 3, 4}));
  const std::vector<std::uint64_t> shape{5};
  const auto counts = dataset.file().small().get<std::int64_t>("vocabulary/counts", shape);
  EXPECT_EQ(std::vector<std::int64_t>(counts.begin(), counts.end()),
            (std::vector<std::int64_t>{3, 2, 2, 2, 1}));
  EXPECT_EQ(dataset.file().large("train/tokens").type, ElementType::uint8);
}

TEST(PrepareText, LargeVocabulariesUseWiderTokens) {
  const std::pair<int, ElementType> narrowest[] = {{256, ElementType::uint8},
                                                   {257, ElementType::uint16},
                                                   {65536, ElementType::uint16},
                                                   {65537, ElementType::int32}};
  for (const auto& [size, type] : narrowest) {
    const TextFolder folder;
    std::string text;
    for (std::int32_t i = 0; i < size; ++i) utf8::append(text, 0x10000 + i);
    PrepareOptions options = options_for(folder, {folder.write("a.txt", text)});
    options.validation = options.test = 0.0;
    EXPECT_EQ(prepare_text(options).vocabulary_size, size);
    const TextDataset dataset(options.output);
    EXPECT_EQ(dataset.file().large("train/tokens").type, type) << size;
    EXPECT_EQ(documents_of(dataset, "train"), (std::vector<std::string>{text})) << size;
  }
}

TEST(PrepareText, TextsLongerThanABufferArriveWhole) {
  const TextFolder folder;
  std::string text;
  for (int i = 0; text.size() < 5'000'000; ++i) {
    text += "Line " + std::to_string(i) + (i % 7 == 0 ? " \xE2\x82\xAC\n" : "\n");
  }
  const PrepareOptions options = options_for(folder, {folder.write("a.txt", text)});
  prepare_text(options);
  const TextDataset dataset(options.output);
  EXPECT_TRUE(joined(documents_of(dataset, "train")) + joined(documents_of(dataset, "validation")) +
                  joined(documents_of(dataset, "test")) ==
              text);
}

TEST(PrepareText, TheSameTextGivesTheSameFileAnywhere) {
  const TextFolder one, other;
  const std::string text = numbered_lines(50);
  const PrepareOptions a = options_for(one, {one.write("a.txt", text)});
  const PrepareOptions b = options_for(other, {other.write("a.txt", text)});
  EXPECT_EQ(prepare_text(a).fingerprint, prepare_text(b).fingerprint);
  EXPECT_TRUE(contents(a.output) == contents(b.output));
}

TEST(PrepareText, WhatIsWrongIsSaidAndNothingIsWritten) {
  const TextFolder folder;
  const auto text = folder.write("a.txt", numbered_lines(100));
  const auto refused = [&](const std::string& message, auto change) {
    PrepareOptions options = options_for(folder, {text});
    change(options);
    const std::string said = error_of([&] { prepare_text(options); });
    EXPECT_NE(said.find(message), std::string::npos) << said;
    EXPECT_FALSE(std::filesystem::exists(folder / "out.rondo"));
  };
  refused("--level takes char, word or subword, not \"words\"", [](auto& o) { o.level = "words"; });
  refused("give --input PATH", [](auto& o) { o.inputs.clear(); });
  refused("does not exist", [&](auto& o) { o.inputs = {folder / "none.txt"}; });
  refused("there is no text in", [&](auto& o) { o.inputs = {folder.write("e.txt", "\f\f")}; });
  refused("'validation' would be empty: give more text",
          [&](auto& o) { o.inputs = {folder.write("s.txt", "short")}; });
  refused("'train' would be empty", [&](auto& o) {
    o.inputs = {
        folder.write("f.txt", "1\f2\f3\f4\f5\f6\f7\f8\f9\fa\fb\fc\fd\fe\ff\fg\fh\fi\fj\fk")};
    o.validation = 0.6, o.test = 0.39;
  });
  refused("'validation' would be empty: its input files hold no text",
          [&](auto& o) { o.validation_inputs = {folder.write("v.txt", "")}; });
  refused("below 1 together", [](auto& o) { o.validation = o.test = 0.5; });
  refused("at least 0", [](auto& o) { o.test = -0.1; });
  refused("at least 0", [](auto& o) { o.test = std::stod("nan"); });
  refused("give --output FILE", [](auto& o) { o.output.clear(); });
  refused("is a folder", [&](auto& o) { o.output = folder.path(); });
  refused("there is no folder", [&](auto& o) { o.output = folder / "none/out.rondo"; });
  refused("/proc/out.rondo", [&](auto& o) { o.output = "/proc/out.rondo"; });
  refused("is one of the inputs",
          [&](auto& o) { o.output = folder / "../" / folder.path().filename() / "a.txt"; });
  EXPECT_EQ(contents(text), numbered_lines(100));
}

TEST(NgramBaseline, IsTrainedOnTheTrainSplit) {
  const TextFolder folder;
  PrepareOptions options = options_for(folder, {folder.write("train.txt", numbered_lines(200))});
  options.validation = 0.0;
  options.test_inputs = {folder.write("test.txt", "line 12\fline 99\n")};
  prepare_text(options);
  const TextDataset dataset(options.output);
  const NgramLoss loss = ngram_baseline(dataset, "test", 5, Smoothing::witten_bell);
  NgramModel model(dataset.vocabulary().size(), 5);
  model.train(*dataset.split("train"));
  EXPECT_EQ(loss.targets, 6 + 7);
  EXPECT_EQ(loss.loss, model.evaluate(*dataset.split("test")).loss);
  EXPECT_LT(loss.loss, 1.0);
}

}  // namespace
}  // namespace rondo
