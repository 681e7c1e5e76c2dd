// A prepared text as token sequences: vocabulary, splits, documents.
//
// Schema in the data set file (documented for other programs in datasets/README.md):
//   texts["description"]      JSON: task "text", level "char", sources, counts
//   vocabulary/code_points    int32 [V]: the code point of each token, by count descending, then
//                             code point ascending
//   vocabulary/counts         int64 [V]
//   <split>/documents         int64 [documents + 1]: token offsets where documents start, and the
//                             end
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
#include <utility>
#include <vector>

#include "rondo/io/dataset_file.hpp"

namespace rondo {

// Unicode code points as tokens.
class Vocabulary {
 public:
  Vocabulary() = default;
  explicit Vocabulary(std::vector<std::int32_t> code_points);
  int size() const { return static_cast<int>(code_points_.size()); }
  // Token of a code point, -1 if unknown.
  std::int32_t token(std::int32_t code_point) const;
  std::int32_t code_point(std::int32_t token) const {
    return code_points_[static_cast<std::size_t>(token)];
  }
  const std::vector<std::int32_t>& code_points() const { return code_points_; }
  // UTF-8 to tokens; InputError names an unknown character (with the nearest offer) or invalid
  // UTF-8.
  std::vector<std::int32_t> encode(std::string_view text) const;
  std::string decode(std::span<const std::int32_t> tokens) const;
  void save(NamedState& state) const;  // "vocabulary/code_points"
  static Vocabulary load(const NamedState& state);

 private:
  std::vector<std::int32_t> code_points_;
  std::vector<std::pair<std::int32_t, std::int32_t>> by_code_point_;
};

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
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const DatasetReader& file() const { return *file_; }
  // "train", "validation" or "test"; InputError for another or one that is empty.
  std::unique_ptr<TokenSource> split(const std::string& name) const;
  bool has_split(const std::string& name) const;  // there and not empty

 private:
  std::shared_ptr<DatasetReader> file_;
  Vocabulary vocabulary_;
};

// A TokenSource in memory.
std::unique_ptr<TokenSource> make_memory_source(std::vector<std::int32_t> tokens,
                                                std::vector<std::int64_t> documents);

}  // namespace rondo
