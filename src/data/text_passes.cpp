#include "data/text_passes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "data/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Bytes of the first `count` code points of valid text, which has at least as many.
std::size_t bytes_of(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (; count > 0; --count) at += static_cast<std::size_t>(utf8::decode(text.substr(at)).bytes);
  return at;
}

[[noreturn]] void fail_changed() {
  throw_input("the input changed while it was read: prepare it again when nothing writes to it");
}

// Tokens of one part after another, in pieces of about a megabyte.
template <class Token>
class TokenWriter {
 public:
  TokenWriter(const Vocabulary& vocabulary, DatasetWriter& writer)
      : table_(utf8::code_point_limit, -1),
        writer_(writer),
        tokens_(piece + TextReader::buffer_bytes) {
    for (int token = 0; token < vocabulary.size(); ++token) {
      table_[static_cast<std::size_t>(vocabulary.code_point(token))] = token;
    }
  }

  // Text of one part, at most what a reader hands out at a time; returns its characters.
  std::int64_t write(std::string_view text) {
    Token* const tokens = tokens_.data() + size_;  // a code point has at least one byte
    const std::int32_t* const table = table_.data();
    std::size_t count = 0;
    std::int32_t unknown = 0;  // negative as soon as a token is
    utf8::for_each_byte(text, [&](std::int32_t code_point, std::int32_t whole) {
      const std::int32_t token = table[code_point];
      unknown |= token & -whole;
      tokens[count] = static_cast<Token>(token);
      count += static_cast<std::size_t>(whole);
    });
    if (unknown < 0) fail_changed();
    size_ += count;
    if (size_ * sizeof(Token) >= piece) flush();
    return static_cast<std::int64_t>(count);
  }

  void end_part() {
    flush();
    ++part_;
  }

 private:
  static constexpr std::size_t piece = std::size_t{1} << 20;

  void flush() {
    if (size_ > 0) writer_.append(part_, std::as_bytes(std::span(tokens_).first(size_)));
    size_ = 0;
  }

  std::vector<std::int32_t> table_;  // token of a code point, -1 where there is none
  DatasetWriter& writer_;
  std::size_t part_ = 0;
  std::vector<Token> tokens_;
  std::size_t size_ = 0;  // of `tokens_` that are not written yet
};

template <class Token>
void write_tokens_as(std::span<const TextFile> files, const std::optional<std::string>& separator,
                     const Vocabulary& vocabulary, const std::vector<Part>& parts,
                     DatasetWriter& writer) {
  TokenWriter<Token> out(vocabulary, writer);
  auto part = parts.begin();
  std::int64_t rest = part->characters();
  TextReader reader(files, separator);
  for (TextReader::Piece piece; reader.next(piece);) {
    std::string_view text = piece.text;
    while (!text.empty()) {
      if (part == parts.end()) fail_changed();
      // Text of no more bytes than characters are wanted need not be counted first.
      const bool fits =
          static_cast<std::int64_t>(text.size()) <= rest || utf8::length(text) <= rest;
      const std::size_t bytes = fits ? text.size() : bytes_of(text, rest);
      rest -= out.write(text.substr(0, bytes));
      text.remove_prefix(bytes);
      if (rest == 0) {
        out.end_part();
        if (++part != parts.end()) rest = part->characters();
      }
    }
  }
  if (part != parts.end()) fail_changed();
}

}  // namespace

TextSurvey::TextSurvey() : counts_(utf8::code_point_limit) {}

std::vector<std::int64_t> TextSurvey::count(std::span<const TextFile> files,
                                            const std::optional<std::string>& separator) {
  std::vector<std::int64_t> lengths;
  std::int64_t length = 0;
  std::int64_t* const counts = counts_.data();
  TextReader reader(files, separator);
  for (TextReader::Piece piece; reader.next(piece);) {
    utf8::for_each_byte(piece.text, [&](std::int32_t code_point, std::int32_t whole) {
      counts[code_point] += whole;
      length += whole;
    });
    if (piece.ends_document && length > 0) lengths.push_back(std::exchange(length, 0));
  }
  return lengths;
}

Vocabulary TextSurvey::vocabulary() const {
  std::vector<std::int32_t> code_points;
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; ++code_point) {
    if (occurrences(code_point) > 0) code_points.push_back(code_point);
  }
  std::sort(code_points.begin(), code_points.end(), [this](std::int32_t a, std::int32_t b) {
    if (occurrences(a) != occurrences(b)) return occurrences(a) > occurrences(b);
    return a < b;
  });
  return Vocabulary(std::move(code_points));
}

std::array<std::int64_t, 2> find_line_ends(std::span<const TextFile> files,
                                           const std::optional<std::string>& separator,
                                           std::array<std::int64_t, 2> positions) {
  std::int64_t before = 0;  // characters before the piece
  std::size_t found = 0;
  bool line_end = false;  // a line or a document ends at `before`
  TextReader reader(files, separator);
  for (TextReader::Piece piece; found < positions.size() && reader.next(piece);) {
    const std::int64_t length = utf8::length(piece.text);
    while (found < positions.size()) {
      std::int64_t& position = positions[found];
      if (line_end && position <= before) {
        position = before;
        ++found;
        continue;
      }
      if (position > before + length) break;
      // The line that holds the character before the position ends here or further on.
      const std::int64_t skip = std::max<std::int64_t>(position - before - 1, 0);
      const std::size_t from = bytes_of(piece.text, skip);
      const std::size_t newline = piece.text.find('\n', from);
      if (newline == std::string_view::npos) break;
      position = before + skip + utf8::length(piece.text.substr(from, newline + 1 - from));
      ++found;
    }
    before += length;
    if (length > 0) line_end = piece.text.back() == '\n';
    line_end = line_end || (piece.ends_document && before > 0);
  }
  for (; found < positions.size(); ++found) positions[found] = before;
  return positions;
}

void write_tokens(std::span<const TextFile> files, const std::optional<std::string>& separator,
                  const Vocabulary& vocabulary, const std::vector<Part>& parts, ElementType type,
                  DatasetWriter& writer) {
  if (type == ElementType::uint8) {
    write_tokens_as<std::uint8_t>(files, separator, vocabulary, parts, writer);
  } else if (type == ElementType::uint16) {
    write_tokens_as<std::uint16_t>(files, separator, vocabulary, parts, writer);
  } else {
    write_tokens_as<std::int32_t>(files, separator, vocabulary, parts, writer);
  }
}

}  // namespace rondo
