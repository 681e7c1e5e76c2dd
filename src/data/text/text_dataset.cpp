#include "rondo/data/text_dataset.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "data/text/token_source.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Tokens of another width, which lie in the last part of the caller's memory, to int32. From the
// front: a narrow token is read before the wide one is written over it.
template <class Narrow>
void widen(std::span<const std::byte> narrow, std::span<std::int32_t> tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Narrow token;
    std::memcpy(&token, narrow.data() + i * sizeof(Narrow), sizeof(Narrow));
    tokens[i] = token;
  }
}

// A split of a data set file. Keeps the file open; no HDF5 call after construction.
class FileSource final : public TokenSource {
 public:
  FileSource(std::shared_ptr<const DatasetReader> file, const std::string& split,
             int vocabulary_size)
      : file_(std::move(file)),
        array_(file_->large(split + "/tokens")),
        vocabulary_size_(vocabulary_size),
        where_(file_->path().string() + ", split '" + split + "'") {
    if (array_.type != ElementType::uint8 && array_.type != ElementType::uint16 &&
        array_.type != ElementType::int32) {
      throw_input("{}: tokens are {}, uint8, uint16 or int32 is needed", where_,
                  name_of(array_.type));
    }
    const std::string name = split + "/documents";
    const std::array<std::uint64_t, 1> shape{file_->small().get(name).elements()};
    const auto offsets = file_->small().get<std::int64_t>(name, shape);
    if (offsets.size() < 2 || offsets.back() != size()) {
      throw_input("{}: '{}' must end with the number of tokens, {}", where_, name, size());
    }
    documents_.assign(offsets.begin(), offsets.end() - 1);
    check_documents(documents_, size(), where_);
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(array_.count); }
  const std::vector<std::int64_t>& documents() const override { return documents_; }

  void read(std::int64_t first, std::span<std::int32_t> tokens) const override {
    check_range(first, tokens.size(), size());
    const auto stored = std::as_writable_bytes(tokens).last(tokens.size() * size_of(array_.type));
    file_->read(array_, static_cast<std::uint64_t>(first), tokens.size(), stored);
    if (array_.type == ElementType::uint8) widen<std::uint8_t>(stored, tokens);
    if (array_.type == ElementType::uint16) widen<std::uint16_t>(stored, tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary_size_) {
        throw_input("{}: token {} at position {} is outside the vocabulary of {}", where_,
                    tokens[i], first + static_cast<std::int64_t>(i), vocabulary_size_);
      }
    }
  }

 private:
  std::shared_ptr<const DatasetReader> file_;
  DatasetReader::Large array_;
  int vocabulary_size_;
  std::string where_;
  std::vector<std::int64_t> documents_;
};

}  // namespace

bool has_text_split(const DatasetReader& file, const std::string& split) {
  const auto& arrays = file.large_arrays();
  return std::any_of(arrays.begin(), arrays.end(), [&](const DatasetReader::Large& array) {
    return array.name == split + "/tokens" && array.count > 0;
  });
}

std::unique_ptr<TokenSource> open_text_split(const std::shared_ptr<const DatasetReader>& file,
                                             const std::string& split, int vocabulary) {
  return std::make_unique<FileSource>(file, split, vocabulary);
}

std::int64_t text_characters(const DatasetReader& file, const std::string& split) {
  const std::string name = split + "/characters";
  return file.small().has(name) ? file.small().get_scalar<std::int64_t>(name) : 0;
}

TextDataset::TextDataset(const std::filesystem::path& path)
    : file_(std::make_shared<DatasetReader>(path)), vocabulary_(load_vocabulary(file_->small())) {}

std::unique_ptr<TokenSource> TextDataset::split(const std::string& name) const {
  if (std::find(split_names.begin(), split_names.end(), name) == split_names.end()) {
    throw_input("'{}' is no split: train, validation or test", name);
  }
  if (!has_split(name)) {
    throw_input("{} has no split '{}': prepare it again with one", file_->path().string(), name);
  }
  return open_text_split(file_, name, vocabulary_->size());
}

}  // namespace rondo
