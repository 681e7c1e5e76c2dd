// `rondo prepare --documents`: what a document is, at each level.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/data/text_dataset.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::error_of;
using test::TextFolder;
using Texts = std::vector<std::string>;

Texts documents_of(const TextDataset& dataset, const std::string& split) {
  const auto source = dataset.split(split);
  std::vector<std::int64_t> ends(source->documents().begin() + 1, source->documents().end());
  ends.push_back(source->size());
  Texts texts;
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    std::vector<std::int32_t> tokens(static_cast<std::size_t>(end - begin));
    source->read(begin, tokens);
    texts.push_back(dataset.vocabulary().decode(tokens));
    begin = end;
  }
  return texts;
}

class PrepareDocuments : public testing::TestWithParam<const char*> {
 protected:
  PrepareDocuments() {
    options_.level = GetParam();
    options_.inputs = {folder_.write("a.txt", "ab cd\nef\n\nba\n"),
                       folder_.write("b.txt", "gh\fi")};
    options_.validation_inputs = {folder_.write("v.txt", "\n\ngh\nab\n \nba")};
    options_.test = 0;
    options_.output = folder_ / "out.rondo";
  }
  std::array<Texts, 2> prepared(const char* documents) {
    options_.documents = documents;
    prepare_text(options_);
    const TextDataset dataset(options_.output);
    return {documents_of(dataset, "train"), documents_of(dataset, "validation")};
  }
  // Words end every line, and know no other space than one between them.
  bool in_words() const { return options_.level == "word"; }

  TextFolder folder_;
  PrepareOptions options_;
};

TEST_P(PrepareDocuments, AreFiles) {
  const auto [train, validation] = prepared("files");
  EXPECT_EQ(train, (in_words() ? Texts{"ab cd\nef\n\nba\n", "gh\n", "i\n"}
                               : Texts{"ab cd\nef\n\nba\n", "gh", "i"}));
  EXPECT_EQ(validation, Texts{in_words() ? "\n\ngh\nab\n\nba\n" : "\n\ngh\nab\n \nba"});
}

TEST_P(PrepareDocuments, AreLines) {
  const auto [train, validation] = prepared("lines");
  EXPECT_EQ(train, (in_words() ? Texts{"ab cd\n", "ef\n", "ba\n", "gh i\n"}
                               : Texts{"ab cd\n", "ef\n", "ba\n", "gh\fi"}));
  EXPECT_EQ(validation, (Texts{"gh\n", "ab\n", in_words() ? "ba\n" : "ba"}));
}

TEST_P(PrepareDocuments, AreParagraphs) {
  const auto [train, validation] = prepared("paragraphs");
  EXPECT_EQ(train, (in_words() ? Texts{"ab cd\nef\n", "ba\n", "gh i\n"}
                               : Texts{"ab cd\nef\n", "ba\n", "gh\fi"}));
  EXPECT_EQ(validation, (Texts{"gh\nab\n", in_words() ? "ba\n" : "ba"}));
}

TEST_P(PrepareDocuments, AreAStreamForEachSplit) {
  const auto [train, validation] = prepared("stream");
  EXPECT_EQ(train, Texts{in_words() ? "ab cd\nef\n\nba\ngh i\n" : "ab cd\nef\n\nba\ngh\fi\n"});
  EXPECT_EQ(validation, Texts{in_words() ? "\n\ngh\nab\n\nba\n" : "\n\ngh\nab\n \nba\n"});
}

TEST_P(PrepareDocuments, ManyLinesAreSplitWhole) {
  std::string text;
  for (int i = 100; i < 200; ++i) text += "ab " + std::to_string(i) + "\n";
  options_.inputs = {folder_.write("lines.txt", text)};
  options_.validation_inputs.clear();
  options_.test = 0.1;
  const auto [train, validation] = prepared("lines");
  EXPECT_EQ(train.size(), 85U);
  EXPECT_EQ(validation.size(), 5U);
  EXPECT_EQ(train.front(), "ab 100\n");
  // A stream is cut at a line's end.
  const auto [stream, rest] = prepared("stream");
  EXPECT_EQ(stream.size(), 1U);
  EXPECT_EQ(stream[0].back(), '\n');
  EXPECT_EQ(rest.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Levels, PrepareDocuments, testing::Values("char", "word", "subword"),
                         [](const auto& info) { return std::string(info.param); });

TEST(DocumentsOption, AreToldWhereTheyAreNotTheUsualOnes) {
  const TextFolder folder;
  PrepareOptions options;
  options.inputs = {folder.write("a.txt", std::string(300, 'a') + "\nb\n\nc\nd\n")};
  options.output = folder / "out.rondo";
  options.validation = options.test = 0;
  const auto description = [&] {
    prepare_text(options);
    return TextDataset(options.output).file().small().texts.at("description");
  };
  EXPECT_EQ(description().find("documents_are"), std::string::npos);
  options.documents = "lines";
  EXPECT_NE(description().find("\"documents_are\":\"lines\""), std::string::npos);
}

TEST(DocumentsOption, WhatIsWrongIsSaidAndNothingIsWritten) {
  const TextFolder folder;
  PrepareOptions options;
  options.inputs = {folder.write("a.txt", "\n \n\t\n")};
  options.output = folder / "out.rondo";
  options.documents = "sentences";
  EXPECT_EQ(error_of([&] { prepare_text(options); }),
            "--documents takes files, lines, paragraphs or stream, not \"sentences\"");
  options.documents = "lines";
  EXPECT_NE(error_of([&] { prepare_text(options); }).find("there is no text in"),
            std::string::npos);
  options.document_separator = "---";
  EXPECT_EQ(
      error_of([&] { prepare_text(options); }),
      "--document-separator cuts files into documents: it does not go with --documents lines");
  EXPECT_FALSE(std::filesystem::exists(options.output));
}

}  // namespace
}  // namespace rondo
