#include "data/text/text_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "data/file_marks.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t longest_separator = 4096;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

std::int64_t line_of(const TextFile& file, std::int64_t offset) {
  std::ifstream stream(file.path, std::ios::binary);
  std::vector<char> bytes(TextReader::buffer_bytes);
  std::int64_t line = 1;
  for (std::int64_t rest = offset; rest > 0 && stream;) {
    const auto want = std::min<std::int64_t>(rest, static_cast<std::int64_t>(bytes.size()));
    stream.read(bytes.data(), want);
    line += std::count(bytes.begin(), bytes.begin() + stream.gcount(), '\n');
    rest -= want;
  }
  return line;
}

}  // namespace

TextReader::TextReader(std::span<const TextFile> files, DocumentRule rule)
    : files_(files), rule_(std::move(rule)), buffer_(buffer_bytes) {
  const std::optional<std::string>& separator = rule_.separator;
  if (separator && separator->find('\n') != std::string::npos) {
    throw_input("the document separator must be a single line, without a line's end in it");
  }
  if (separator && separator->size() > longest_separator) {
    throw_input("the document separator has {} bytes, at most {} are possible", separator->size(),
                longest_separator);
  }
}

TextReader::~TextReader() { close(); }

bool TextReader::next(Piece& piece) {
  for (;;) {
    if (at_ < usable_) {
      piece = whole_lines() ? up_to_line() : up_to_form_feed();
      return true;
    }
    if (descriptor_ < 0) {
      if (current_ == files_.size()) return false;
      open();
    } else if (!at_end_) {
      refill();
    } else {
      piece = end_of_file();
      close();
      ++current_;
      return true;
    }
  }
}

void TextReader::open() {
  check_unchanged();
  descriptor_ = ::open(file().path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw_input("{} cannot be read: {}", file().shown(), strerror(errno));
  at_end_ = false;
  line_start_ = true;
  offset_ = 0;
  at_ = usable_ = filled_ = 0;
  refill();
  if (usable().starts_with(byte_order_mark)) at_ += byte_order_mark.size();
}

// The listing is repeated: a file that was exchanged, has grown or was written to is not what was
// counted.
void TextReader::check_unchanged() const {
  const TextFile now = list_text_files({file().path}).front();
  if (now.size != file().size || now.modified != file().modified) fail_changed();
}

void TextReader::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

// Reads until the buffer is full or the file ends; returns the number of new bytes.
std::size_t TextReader::fill() {
  const std::size_t before = filled_;
  while (filled_ < buffer_.size()) {
    const ssize_t got = ::read(descriptor_, buffer_.data() + filled_, buffer_.size() - filled_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_input("{} cannot be read: {}", file().shown(), strerror(errno));
    if (got == 0) break;
    filled_ += static_cast<std::size_t>(got);
  }
  return filled_ - before;
}

void TextReader::refill() {
  // What waited comes to the front.
  std::memmove(buffer_.data(), buffer_.data() + usable_, filled_ - usable_);
  offset_ += static_cast<std::int64_t>(usable_);
  filled_ -= usable_;
  at_ = usable_ = 0;
  fill();
  const std::int64_t seen = offset_ + static_cast<std::int64_t>(filled_);
  at_end_ = filled_ < buffer_.size();
  if (seen > file().size || (at_end_ && seen < file().size)) fail_changed();

  const std::string_view bytes(buffer_.data(), filled_);
  if (offset_ == 0) {
    const std::string what = not_text(bytes, file().in_commands());
    if (!what.empty()) throw_input("{} {}", file().shown(), what);
  }
  usable_ = utf8::valid_prefix(bytes);
  if (usable_ < filled_) {
    const bool cut = utf8::decode(bytes.substr(usable_)).code_point == utf8::truncated;
    if (at_end_ || !cut) fail_encoding(usable_);
  }
  // What a line is can only be told when it is there as a whole; one that fills the buffer is
  // neither the separator nor blank.
  if (whole_lines() && !at_end_) {
    const std::size_t newline = bytes.substr(0, usable_).rfind('\n');
    if (newline != std::string_view::npos) usable_ = newline + 1;
  }
}

TextReader::Piece TextReader::up_to_form_feed() {
  const std::string_view text = usable();
  const std::size_t length = std::min(text.find('\f'), text.size());
  const bool found = length < text.size();
  at_ += length + (found ? 1 : 0);
  return {text.substr(0, length), found};
}

TextReader::Piece TextReader::up_to_line() {
  using Unit = DocumentRule::Unit;
  const std::string_view text = usable();
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t newline = text.find('\n', start);
    const bool ends = newline != std::string_view::npos;
    const std::size_t next = ends ? newline + 1 : text.size();
    std::string_view line = text.substr(start, std::min(newline, text.size()) - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool whole = line_start_ && (ends || at_end_);
    const bool separates =
        rule_.separator ? line == *rule_.separator : rule_.unit != Unit::stream && is_blank(line);
    line_start_ = ends;
    if (whole && separates) {
      at_ += next;
      return {text.substr(0, start), true};
    }
    if (ends && rule_.unit == Unit::lines) {
      at_ += next;
      return {text.substr(0, next), true};
    }
    start = next;
  }
  at_ = usable_;
  return {text, false};
}

// A file ends a document; in a stream it ends its last line, so that this does not run into the
// next file's first one.
TextReader::Piece TextReader::end_of_file() {
  check_unchanged();
  if (rule_.unit != DocumentRule::Unit::stream) return {{}, true};
  return {line_start_ ? "" : "\n", false};
}

void TextReader::fail_changed() const {
  throw_input("{} changed while it was read: prepare it again when nothing writes to it",
              file().shown());
}

void TextReader::fail_encoding(std::size_t at) const {
  const std::int64_t offset = offset_ + static_cast<std::int64_t>(at);
  throw_input("{}, line {}, byte offset {}: byte 0x{:02x} is not UTF-8; {}", file().shown(),
              line_of(file(), offset), offset,
              static_cast<unsigned>(static_cast<unsigned char>(buffer_[at])),
              advice_for_bytes({buffer_.data(), filled_}, file().in_commands()));
}

}  // namespace rondo
