#include "data/text_passes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "data/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Calls `use(code_point)` for every code point of valid text.
template <class Use>
inline void for_each_code_point(std::string_view text, Use&& use) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      use(std::int32_t{byte});
      ++at;
    } else {
      const utf8::Decoded decoded = utf8::decode(text.substr(at));
      use(decoded.code_point);
      at += static_cast<std::size_t>(decoded.bytes);
    }
  }
}

// Bytes of the first `count` code points of valid text, which has at least as many.
std::size_t bytes_of(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (; count > 0; --count) at += static_cast<std::size_t>(utf8::decode(text.substr(at)).bytes);
  return at;
}

[[noreturn]] void fail_changed() {
  throw_input("the input changed while it was read: prepare it again when nothing writes to it");
}

// Tokens of one part after another, in pieces of a megabyte.
class TokenWriter {
 public:
  TokenWriter(const Vocabulary& vocabulary, ElementType type, DatasetWriter& writer)
      : table_(utf8::code_point_limit, -1), narrow_(type == ElementType::uint8), writer_(writer) {
    for (int token = 0; token < vocabulary.size(); ++token) {
      table_[static_cast<std::size_t>(vocabulary.code_point(token))] = token;
    }
  }

  void write(std::string_view text) {
    if (narrow_) {
      encode(text, bytes_);
    } else {
      encode(text, words_);
    }
    if (bytes_.size() + words_.size() >= piece) flush();
  }

  void end_part() {
    flush();
    ++part_;
  }

 private:
  static constexpr std::size_t piece = std::size_t{1} << 20;

  template <class Element>
  void encode(std::string_view text, std::vector<Element>& out) {
    const std::size_t before = out.size();
    out.resize(before + text.size());  // a code point has at least one byte
    Element* to = out.data() + before;
    std::int32_t unknown = 0;  // negative as soon as a token is
    for_each_code_point(text, [&](std::int32_t code_point) {
      const std::int32_t token = table_[static_cast<std::size_t>(code_point)];
      unknown |= token;
      *to++ = static_cast<Element>(token);
    });
    if (unknown < 0) fail_changed();
    out.resize(static_cast<std::size_t>(to - out.data()));
  }

  void flush() {
    const auto bytes = narrow_ ? std::as_bytes(std::span(std::as_const(bytes_)))
                               : std::as_bytes(std::span(std::as_const(words_)));
    if (!bytes.empty()) writer_.append(part_, bytes);
    bytes_.clear();
    words_.clear();
  }

  std::vector<std::int32_t> table_;  // token of a code point
  bool narrow_;
  DatasetWriter& writer_;
  std::size_t part_ = 0;
  std::vector<std::uint8_t> bytes_;  // one of these two is used
  std::vector<std::int32_t> words_;
};

}  // namespace

TextSurvey::TextSurvey() : counts_(utf8::code_point_limit) {}

std::vector<std::int64_t> TextSurvey::count(std::span<const TextFile> files,
                                            const std::optional<std::string>& separator) {
  std::vector<std::int64_t> lengths;
  std::int64_t length = 0;
  TextReader reader(files, separator);
  for (TextReader::Piece piece; reader.next(piece);) {
    for_each_code_point(piece.text, [&](std::int32_t code_point) {
      ++counts_[static_cast<std::size_t>(code_point)];
    });
    length += utf8::length(piece.text);
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
  TokenWriter out(vocabulary, type, writer);
  auto part = parts.begin();
  std::int64_t rest = part->characters();
  TextReader reader(files, separator);
  for (TextReader::Piece piece; reader.next(piece);) {
    std::string_view text = piece.text;
    for (std::int64_t length = utf8::length(text); length > 0;) {
      if (part == parts.end()) fail_changed();
      const std::int64_t take = std::min(length, rest);
      const std::size_t bytes = take == length ? text.size() : bytes_of(text, take);
      out.write(text.substr(0, bytes));
      text.remove_prefix(bytes);
      length -= take;
      rest -= take;
      if (rest == 0) {
        out.end_part();
        if (++part != parts.end()) rest = part->characters();
      }
    }
  }
  if (part != parts.end()) fail_changed();
}

}  // namespace rondo
