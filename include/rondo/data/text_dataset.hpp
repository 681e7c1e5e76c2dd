// A prepared text as token sequences: vocabulary, splits, documents.
//
// Schema in the data set file (documented for other programs in datasets/README.md):
//   texts["description"]      JSON: task "text", level "char", "word" or "subword", sources, counts
//   vocabulary/code_points    level char: int32 [V]: the code point of each token, by count
//                             descending, then code point ascending
//   vocabulary/words          level word: uint8 [bytes]: the word of each token and a line feed, by
//                             count descending, then bytewise
//   vocabulary/splits_punctuation  level word: uint8: 1 where punctuation marks are words
//   vocabulary/subword_model  level subword: uint8 [bytes]: a SentencePiece model; a token is the
//                             number of its piece
//   vocabulary/counts         int64 [V]: in all splits (char) or in train (word, subword)
//   <split>/documents         int64 [documents + 1]: token offsets where documents start, and the
//                             end
//   <split>/characters        level word and subword: int64: characters of the split's text
//   <split>/tokens            uint8, uint16 or int32 (large array): the narrowest that holds V - 1
// for the splits train, validation, test.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/data/vocabulary.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

// Where a batcher gets its tokens: a split of a data set, or a vector in tests.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  virtual std::int64_t size() const = 0;  // tokens
  // Token offsets where documents start, ascending, first 0; the end is size().
  virtual const std::vector<std::int64_t>& documents() const = 0;
  virtual void read(std::int64_t first, std::span<std::int32_t> tokens) const = 0;
};

inline constexpr std::array<std::string_view, 3> split_names{"train", "validation", "test"};

class TextDataset {
 public:
  explicit TextDataset(const std::filesystem::path& path);
  const Vocabulary& vocabulary() const { return *vocabulary_; }
  const DatasetReader& file() const { return *file_; }
  // "train", "validation" or "test"; InputError for another or one that is empty.
  std::unique_ptr<TokenSource> split(const std::string& name) const;
  bool has_split(const std::string& name) const;  // there and not empty
  // Characters of a split's text, line ends and documents' first tokens included: what bits are
  // divided by that are to be compared between levels. 0 where a file does not tell.
  std::int64_t characters(const std::string& split) const;

 private:
  std::shared_ptr<DatasetReader> file_;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

// InputError if the split is missing or has nothing to predict: every document is a single token.
void check_targets(const TextDataset& data, const std::string& split);

// A TokenSource in memory.
std::unique_ptr<TokenSource> make_memory_source(std::vector<std::int32_t> tokens,
                                                std::vector<std::int64_t> documents);

}  // namespace rondo
