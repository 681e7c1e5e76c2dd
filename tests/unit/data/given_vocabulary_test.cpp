// `rondo prepare --vocabulary-from`: a new text in the tokens of a vocabulary that is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "input_error.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/data/text_dataset.hpp"
#include "rondo/io/dataset_file.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::error_of;
using test::TextFolder;

class GivenVocabulary : public testing::Test {
 protected:
  GivenVocabulary() {
    options_.validation = options_.test = 0;
    options_.inputs = {folder_.write("old.txt", "b, a b\nc b\na, d a b a\n")};
    options_.output = folder_ / "old.rondo";
  }

  // Prepares the text above, then what comes next goes by its vocabulary.
  void prepare_old() {
    prepare_text(options_);
    options_.vocabulary_from = options_.output;
    options_.vocabulary = load_vocabulary(DatasetReader(options_.output).small());
    options_.level.reset();
    options_.min_count.reset();
    options_.vocabulary_size.reset();
    options_.split_punctuation = false;
    options_.output = folder_ / "new.rondo";
  }
  PrepareSummary prepare_new(std::string_view text) {
    options_.inputs = {folder_.write("new.txt", text)};
    return prepare_text(options_);
  }
  std::vector<std::int32_t> tokens(const TextDataset& data) const {
    const auto source = data.split("train");
    std::vector<std::int32_t> tokens(static_cast<std::size_t>(source->size()));
    source->read(0, tokens);
    return tokens;
  }
  void expect_old_tokens(std::string_view text) const {
    const TextDataset data(options_.output);
    EXPECT_TRUE(same_vocabulary(data.vocabulary(), *options_.vocabulary));
    EXPECT_EQ(tokens(data), options_.vocabulary->encode(text));
  }

  TextFolder folder_;
  PrepareOptions options_;
};

TEST_F(GivenVocabulary, OfCharacters) {
  prepare_old();
  // Another order of frequency: a vocabulary of its own would number them otherwise.
  EXPECT_STREQ(prepare_new("dddd c\n").level.name, "char");
  expect_old_tokens("dddd c\n");
}

TEST_F(GivenVocabulary, OfCharactersRefusesOthersAndNamesTheMostFrequentOnes) {
  prepare_old();
  const std::string said = error_of([&] { prepare_new("x yy zzz é uvwx abcd\n"); });
  EXPECT_NE(said.find("lacks: 'z' (U+007A) 3 times, 'x' (U+0078) 2 times, 'y' (U+0079) 2 times, "
                      "'u' (U+0075) 1 times, 'v' (U+0076) 1 times and 2 more"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find(options_.vocabulary_from.string()), std::string::npos) << said;
  EXPECT_FALSE(std::filesystem::exists(options_.output));
}

TEST_F(GivenVocabulary, OfWordsCutsAsThatTextWasCutAndOthersAreUnknown) {
  options_.level = "word";
  options_.split_punctuation = true;
  options_.min_count = 2;
  prepare_old();
  const PrepareSummary summary = prepare_new("d, x a\na b\n");
  expect_old_tokens("d, x a\na b\n");
  EXPECT_STREQ(summary.level.name, "word");
  EXPECT_EQ(summary.splits[0].unknown, 2);  // d, which was rare, and x
  // Counted in the new text, by the old numbers.
  const DatasetReader file(options_.output);
  const NamedArray& array = file.small().get("vocabulary/counts");
  const auto counts = file.small().get<std::int64_t>("vocabulary/counts", array.shape);
  const std::int32_t a = options_.vocabulary->encode("a")[0];
  EXPECT_EQ(counts[static_cast<std::size_t>(a)], 2);
  EXPECT_EQ(counts[static_cast<std::size_t>(options_.vocabulary->unknown())], 2);
}

TEST_F(GivenVocabulary, OfSubwordsLearnsNothingAnew) {
  options_.level = "subword";
  options_.vocabulary_size = 300;
  prepare_old();
  EXPECT_STREQ(prepare_new("b b a \xE2\x82\xAC zz\n").level.name, "subword");
  expect_old_tokens("b b a \xE2\x82\xAC zz\n");
}

TEST_F(GivenVocabulary, RefusesOptionsThatMakeOne) {
  options_.level = "word";
  prepare_old();
  using Change = std::function<void(PrepareOptions&)>;
  for (const auto& [message, change] : std::vector<std::pair<const char*, Change>>{
           {"is of level word, not char: leave out --level", [](auto& o) { o.level = "char"; }},
           {"--min-count makes a vocabulary", [](auto& o) { o.min_count = 2; }},
           {"--vocabulary-size makes a vocabulary", [](auto& o) { o.vocabulary_size = 5; }},
           {"--split-punctuation makes a vocabulary",
            [](auto& o) { o.split_punctuation = true; }}}) {
    PrepareOptions options = options_;
    change(options);
    const std::string said = error_of([&] { prepare_text(options); });
    EXPECT_NE(said.find(message), std::string::npos) << said;
  }
  options_.level = "word";  // what it is anyway
  EXPECT_STREQ(prepare_new("a\nb\n").level.name, "word");
}

}  // namespace
}  // namespace rondo
