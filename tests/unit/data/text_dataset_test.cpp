#include "rondo/data/text_dataset.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/vocabularies/character_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/io/dataset_file.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::error_of;
using test::TextFolder;

TEST(MemorySource, ReadsAnyStretch) {
  const auto source = make_memory_source({5, 6, 7, 8}, {0, 3});
  std::vector<std::int32_t> tokens(2);
  source->read(2, tokens);
  EXPECT_EQ(tokens, (std::vector<std::int32_t>{7, 8}));
  EXPECT_EQ(source->size(), 4);
  EXPECT_THROW(source->read(3, tokens), RunError);
  EXPECT_THROW(source->read(-1, tokens), RunError);
  EXPECT_THROW(source->read(5, {}), RunError);
}

TEST(MemorySource, RefusesDocumentsThatAreNoPartition) {
  EXPECT_THROW(make_memory_source({}, {0}), InputError);
  EXPECT_THROW(make_memory_source({1}, {}), InputError);
  EXPECT_THROW(make_memory_source({1, 2}, {1}), InputError);
  EXPECT_THROW(make_memory_source({1, 2}, {0, 2}), InputError);
  EXPECT_THROW(make_memory_source({1, 2, 3}, {0, 1, 1}), InputError);
}

TEST(TextDataset, SplitsAreAskedForByName) {
  const TextFolder folder;
  PrepareOptions options;
  options.inputs = {folder.write("a.txt", "abc")};
  options.output = folder / "out.rondo";
  options.validation = options.test = 0.0;
  prepare_text(options);
  const TextDataset dataset(options.output);
  EXPECT_TRUE(dataset.has_split("train"));
  EXPECT_EQ(error_of([&] { dataset.split("test"); }),
            options.output.string() + " has no split 'test': prepare it again with one");
  EXPECT_EQ(error_of([&] { dataset.split("dev"); }),
            "'dev' is no split: train, validation or test");
  EXPECT_NE(dataset.file().small().texts.at("description").find("\"characters\":3"),
            std::string::npos);
}

// Files that other programs wrote (datasets/README.md).
TEST(TextDataset, RefusesTokensAndDocumentsThatDoNotFit) {
  const TextFolder folder;
  const auto write = [&](const std::vector<std::int64_t>& documents,
                         const std::vector<std::uint8_t>& tokens) {
    NamedState small;
    CharacterVocabulary({'a', 'b'}).save(small);
    small.put<std::int64_t>("train/documents", documents, {documents.size()});
    DatasetWriter writer(folder / "x.rondo", small,
                         {{"train/tokens", ElementType::uint8, tokens.size()}});
    writer.append(0, std::as_bytes(std::span(tokens)));
    writer.finish();
    return folder / "x.rondo";
  };
  std::vector<std::int32_t> tokens(3);
  TextDataset(write({0, 2, 3}, {0, 1, 0})).split("train")->read(0, tokens);
  EXPECT_EQ(tokens, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_NE(error_of([&] {
              TextDataset(write({0, 2, 3}, {0, 1, 2}))
                  .split("train")
                  ->read(1, std::span(tokens).first(2));
            }).find("split 'train': token 2 at position 2 is outside the vocabulary of 2"),
            std::string::npos);
  for (const std::vector<std::int64_t>& documents :
       {std::vector<std::int64_t>{}, {0}, {0, 2}, {1, 3}, {0, 2, 2, 3}, {0, 3, 3}}) {
    EXPECT_NE(error_of([&] {
                TextDataset(write(documents, {0, 1, 1})).split("train");
              }).find("split 'train': "),
              std::string::npos);
  }
}

}  // namespace
}  // namespace rondo
