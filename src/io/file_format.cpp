#include "rondo/io/file_format.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

namespace {

struct KindWords {
  const char* word;  // in the block
  const char* name;  // for people
  int newest_version;
};

KindWords words_of(FileKind kind) {
  return kind == FileKind::checkpoint ? KindWords{"checkpoint", "a checkpoint", checkpoint_format}
                                      : KindWords{"dataset", "a data set", dataset_format};
}

// Takes "<key> <value>\n" off the front of `text`; nothing if it does not stand there.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view key) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(key) || key.size() >= end ||
      text[key.size()] != ' ') {
    return std::nullopt;
  }
  const std::string_view value = text.substr(key.size() + 1, end - key.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

template <class Number>
bool take_number(std::string_view& text, std::string_view key, Number& number) {
  const auto value = take_line(text, key);
  if (!value) return false;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  return error == std::errc() && end == value->data() + value->size();
}

bool take_hash(std::string_view& text, std::string_view key, Sha256Bytes& hash) {
  const auto value = take_line(text, key);
  if (!value || value->size() != 2 * hash.size()) return false;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const char* digits = value->data() + 2 * i;
    const auto [end, error] = std::from_chars(digits, digits + 2, hash[i], 16);
    if (error != std::errc() || end != digits + 2) return false;
  }
  return true;
}

// What follows the kind and version lines.
bool take_rest(std::string_view& text, FrontBlock& block) {
  if (!take_number(text, "length", block.length) || !take_hash(text, "sha256", block.hash)) {
    return false;
  }
  return block.kind == FileKind::checkpoint ||
         (take_number(text, "head-end", block.head_end) &&
          take_number(text, "table-begin", block.table_begin) &&
          take_hash(text, "table-sha256", block.table_hash));
}

}  // namespace

std::string format_front_block(const FrontBlock& block) {
  std::string text =
      fmt::format("rondo {}\nformat {}\nlength {}\nsha256 {}\n", words_of(block.kind).word,
                  block.version, block.length, to_hex(block.hash));
  if (block.kind == FileKind::dataset) {
    text += fmt::format("head-end {}\ntable-begin {}\ntable-sha256 {}\n", block.head_end,
                        block.table_begin, to_hex(block.table_hash));
  }
  text += "Behind these 512 bytes begins HDF5; h5dump and h5py open the file as it is.\n";
  text.resize(front_block_size - 1, ' ');
  return text + '\n';
}

FrontBlock read_front_block(const std::filesystem::path& path, FileKind expected) {
  const InputFile file(path);
  std::string bytes(std::min<std::uint64_t>(front_block_size, file.size()), '\0');
  file.read(0, std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
  return parse_front_block(bytes, file.size(), expected, path.string());
}

FrontBlock parse_front_block(std::string_view bytes, std::uint64_t file_size, FileKind expected,
                             const std::string& name) {
  const KindWords words = words_of(expected);
  if (bytes.empty()) throw_input("'{}' is empty, not {} of rondo's", name, words.name);
  std::string_view text = bytes;
  const auto kind = take_line(text, "rondo");
  if (!kind) {
    throw_input("'{}' is not {} of rondo's (it does not begin with \"rondo {}\")", name, words.name,
                words.word);
  }
  if (*kind != words.word) {
    const FileKind other =
        expected == FileKind::checkpoint ? FileKind::dataset : FileKind::checkpoint;
    const bool is_other = *kind == words_of(other).word;
    throw_input("'{}' is {}; {} is needed here", name,
                is_other ? words_of(other).name : "a file of an unknown kind", words.name);
  }
  FrontBlock block;
  block.kind = expected;
  if (!take_number(text, "format", block.version) || block.version < 1) {
    throw_input("'{}' is damaged: its first 512 bytes are not those of {}", name, words.name);
  }
  if (block.version > words.newest_version) {
    throw_input("'{}' has format {}, and this rondo reads formats up to {}: use a newer rondo",
                name, block.version, words.newest_version);
  }
  if (bytes.size() < front_block_size) {
    throw_input("'{}' is truncated: it has {} bytes, fewer than its front block", name, file_size);
  }
  if (!take_rest(text, block) || format_front_block(block) != bytes) {
    throw_input("'{}' is damaged: its first 512 bytes are not those of {}", name, words.name);
  }
  if (file_size - front_block_size != block.length) {
    throw_input("'{}' is {}: {} bytes follow its front block, which announces {}", name,
                file_size - front_block_size < block.length ? "truncated" : "damaged",
                file_size - front_block_size, block.length);
  }
  if (block.kind == FileKind::dataset &&
      (block.head_end < front_block_size || block.head_end > block.table_begin ||
       block.table_begin > file_size)) {
    throw_input("'{}' is damaged: its front block places parts outside of it", name);
  }
  return block;
}

}  // namespace rondo
