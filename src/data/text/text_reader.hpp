// Streams text files as documents, in pieces of valid UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/text/text_files.hpp"

namespace rondo {

// What a document is; more about it in prepare_text.hpp.
struct DocumentRule {
  enum class Unit : std::uint8_t { files, lines, paragraphs, stream };
  Unit unit = Unit::files;
  std::optional<std::string> separator = {};  // of files: a line, in place of form feeds
};

// Reads a megabyte at a time; memory does not
// depend on the length of files, lines or documents.
class TextReader {
 public:
  static constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

  // InputError for a separator that holds a line's end or is longer than 4,096 bytes. `files` must
  // outlive the reader.
  TextReader(std::span<const TextFile> files, DocumentRule rule);
  ~TextReader();
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;

  struct Piece {
    std::string_view text;       // whole code points; valid until the next call; may be empty
    bool ends_document = false;  // the document ends behind this piece
  };
  // False when all files are read. InputError names file, line and byte offset of what is not
  // UTF-8, a file that cannot be read, and one that is not what it was when it was listed.
  bool next(Piece& piece);

 private:
  void open();
  void close();
  void refill();
  std::size_t fill();
  bool whole_lines() const { return rule_.separator || rule_.unit != DocumentRule::Unit::files; }
  Piece up_to_form_feed();
  Piece up_to_line();
  Piece end_of_file();
  std::string_view usable() const { return {buffer_.data() + at_, usable_ - at_}; }
  void check_unchanged() const;
  [[noreturn]] void fail_changed() const;
  [[noreturn]] void fail_encoding(std::size_t at) const;
  const TextFile& file() const { return files_[current_]; }

  std::span<const TextFile> files_;
  DocumentRule rule_;
  std::size_t current_ = 0;  // file
  int descriptor_ = -1;      // of the current file; -1: not open
  bool at_end_ = false;      // all of the current file is in the buffer or was

  // [0, filled_) holds bytes of the file from `offset_` on; [at_, usable_) may be handed out,
  // [usable_, filled_) waits for what follows it.
  std::vector<char> buffer_;
  std::int64_t offset_ = 0;
  std::size_t at_ = 0, usable_ = 0, filled_ = 0;
  bool line_start_ = true;  // a line starts at `at_`: kept where lines are looked at
};

}  // namespace rondo
