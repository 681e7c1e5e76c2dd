#include "data/text/text_passes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Bytes of the first `count` code points of valid text, which has at least as many.
std::size_t bytes_of(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (; count > 0; --count) at += static_cast<std::size_t>(utf8::decode(text.substr(at)).bytes);
  return at;
}

}  // namespace

void fail_changed_text() {
  throw_input("the input changed while it was read: prepare it again when nothing writes to it");
}

TextSurvey::TextSurvey() : counts_(utf8::code_point_limit) {}

std::vector<std::int64_t> TextSurvey::count(const TextInput& input) {
  std::vector<std::int64_t> lengths;
  std::int64_t length = 0;
  std::int64_t* const counts = counts_.data();
  TextReader reader(input.files, input.rule);
  for (TextReader::Piece piece; reader.next(piece);) {
    utf8::for_each_byte(piece.text, [&](std::int32_t code_point, std::int32_t whole) {
      counts[code_point] += whole;
      length += whole;
    });
    if (piece.ends_document && length > 0) lengths.push_back(std::exchange(length, 0));
  }
  if (length > 0) lengths.push_back(length);
  return lengths;
}

std::array<std::int64_t, 2> find_ends(const TextInput& input, std::string_view marks,
                                      std::array<std::int64_t, 2> positions) {
  std::int64_t before = 0;  // characters before the piece
  std::size_t found = 0;
  bool at_end = false;  // a mark stands before, or a document ends at `before`
  TextReader reader(input.files, input.rule);
  for (TextReader::Piece piece; found < positions.size() && reader.next(piece);) {
    const std::int64_t length = utf8::length(piece.text);
    while (found < positions.size()) {
      std::int64_t& position = positions[found];
      if (at_end && position <= before) {
        position = before;
        ++found;
        continue;
      }
      if (position > before + length) break;
      // What holds the character before the position ends here or further on.
      const std::int64_t skip = std::max<std::int64_t>(position - before - 1, 0);
      const std::size_t from = bytes_of(piece.text, skip);
      const std::size_t mark = piece.text.find_first_of(marks, from);
      if (mark == std::string_view::npos) break;
      position = before + skip + utf8::length(piece.text.substr(from, mark + 1 - from));
      ++found;
    }
    before += length;
    if (length > 0) at_end = marks.find(piece.text.back()) != std::string_view::npos;
    at_end = at_end || (piece.ends_document && before > 0);
  }
  for (; found < positions.size(); ++found) positions[found] = before;
  return positions;
}

void walk_parts(const TextInput& input, const std::vector<Part>& parts, PartSink& sink) {
  auto part = parts.begin();
  std::int64_t rest = part->size();
  TextReader reader(input.files, input.rule);
  for (TextReader::Piece piece; reader.next(piece);) {
    std::string_view text = piece.text;
    while (!text.empty()) {
      if (part == parts.end()) fail_changed_text();
      // Text of no more bytes than characters are wanted need not be counted first.
      const bool fits =
          static_cast<std::int64_t>(text.size()) <= rest || utf8::length(text) <= rest;
      const std::size_t bytes = fits ? text.size() : bytes_of(text, rest);
      rest -= sink.write(text.substr(0, bytes));
      text.remove_prefix(bytes);
      if (rest == 0) {
        sink.end_part();
        if (++part != parts.end()) rest = part->size();
      }
    }
    if (piece.ends_document) sink.end_document();
  }
  if (part != parts.end()) fail_changed_text();
}

}  // namespace rondo
