#include "train/saved/word_vectors.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/model/network.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

class WordVectorsTest : public testing::Test {
 protected:
  WordVectorsTest() {
    columns_[0].name = "letters";
    columns_[0].vocabulary = std::make_shared<SymbolVocabulary>(
        ColumnKind::character, std::vector<std::string>{"<unk>", "a"});
    columns_[1].name = "form";
    columns_[1].kind = ColumnKind::word;
    columns_[1].vocabulary = std::make_shared<SymbolVocabulary>(
        ColumnKind::word, std::vector<std::string>{"<unk>", "the", "göat", "runs"});
    plan_.embedding(0, 2, 3);
    plan_.embedding(1, 4, 3);
    const ParameterLayout layout = plan_.layout();
    Buffer<float> parameters(layout.size(), 9);
    layout.save<float>(parameters, "parameters/", state_);
  }

  std::filesystem::path write(const std::string& text) {
    const std::filesystem::path path = folder_ / "vectors.txt";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  VectorsRead read(const std::string& text) {
    return read_word_vectors<float>(write(text), plan_, columns_, state_);
  }
  std::string error(const std::string& text) {
    const std::string sentence = test::error_of([&] { read(text); });
    const auto file = sentence.find("vectors.txt");
    return file == std::string::npos ? sentence : sentence.substr(file);
  }
  std::vector<float> rows(const std::string& name, std::uint64_t count) {
    const std::uint64_t shape[] = {count, 3};
    const auto values = state_.get<float>("parameters/" + name, shape);
    return {values.begin(), values.end()};
  }

  TemporaryFolder folder_;
  Columns columns_{2};
  NetworkPlan plan_;
  NamedState state_;
};

TEST_F(WordVectorsTest, FillTheRowsOfTheFirstTableOfWords) {
  const VectorsRead read =
      this->read("2 3\nthe 1 -2.5 3e-1\r\nhorse 7 7 7\ngöat 4 5 6\nthe 8 8 8\n");
  EXPECT_EQ(read.column, "form");
  EXPECT_EQ(read.found, 2);
  EXPECT_EQ(read.symbols, 4);
  EXPECT_EQ(rows("embedding.weight", 2), (std::vector<float>(6, 9)));
  EXPECT_EQ(rows("embedding_1.weight", 4),
            (std::vector<float>{9, 9, 9, 1, -2.5F, 0.3F, 4, 5, 6, 9, 9, 9}));
}

TEST_F(WordVectorsTest, AreRefusedWithTheirLine) {
  EXPECT_EQ(
      error("the 1 2 3\nruns 1 2\n"),
      "vectors.txt, line 2: 'runs' has 2 numbers, and an embedding is 3 wide: give --embedding 2");
  EXPECT_EQ(error("the 1 2 x3\n"), "vectors.txt, line 1: \"x3\" behind 'the' is no number");
  EXPECT_EQ(error("the 1 2 nan\n"), "vectors.txt, line 1: \"nan\" behind 'the' is no number");
  EXPECT_EQ(error("The 1 2 3\n"),
            "vectors.txt has none of the 4 words of 'form': are they written alike?");
  columns_[1].vocabulary = columns_[0].vocabulary;
  EXPECT_EQ(error("the 1 2 3\n"), "--vectors are for a column of words, and the data set has none");
}

}  // namespace
}  // namespace rondo
