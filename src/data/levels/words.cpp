#include "data/levels/words.hpp"

#include <algorithm>
#include <array>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Unicode's property White_Space.
bool is_space(std::int32_t code_point) {
  return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x20 || code_point == 0x85 ||
         code_point == 0xA0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
         code_point == 0x3000;
}

bool is_digit(std::int32_t code_point) { return code_point >= '0' && code_point <= '9'; }

// ASCII's marks, the quotation marks of Latin-1, the block "General Punctuation", CJK's stops.
bool is_mark(std::int32_t code_point) {
  if (code_point < 0x80) {
    return code_point > 0x20 && code_point < 0x7F && !is_digit(code_point) &&
           !((code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z');
  }
  return code_point == 0xA1 || code_point == 0xAB || code_point == 0xBB || code_point == 0xBF ||
         (code_point >= 0x2010 && code_point <= 0x2027) ||
         (code_point >= 0x2030 && code_point <= 0x205E) ||
         (code_point >= 0x3001 && code_point <= 0x3003) ||
         (code_point >= 0x3008 && code_point <= 0x3011);
}

// Whether a mark stays inside the word whose characters stand around it.
bool joins(std::int32_t before, std::int32_t mark, std::int32_t behind) {
  if (is_mark(before) || is_mark(behind)) return false;
  if (mark == '.' || mark == ',') return is_digit(before) && is_digit(behind);
  return mark == '\'' || mark == '-' || mark == 0x2019 || mark == 0x2010 || mark == 0x2011;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 19> closing{
    ",", ".",  ";",      ":",      "?",      "!",      ")",      "]",      "}",     "%",
    "'", "''", "\u2019", "\u201d", "\u2026", "\u00bb", "\u3001", "\u3002", "\u203a"};
constexpr std::array<std::string_view, 11> opening{"(",  "[",      "{",      "$",      "#",     "`",
                                                   "``", "\u00a3", "\u2018", "\u201c", "\u00ab"};

// A word of nothing but marks that close: "?!", "...", as well as "," itself.
bool closes(std::string_view word) {
  return is_one_of(word, closing) || word.find_first_not_of(".,;:?!") == std::string_view::npos;
}

// 's, 'll, n't: the second half of a word, as the Penn Treebank cuts it.
bool is_second_half(std::string_view word) {
  return word == "n't" || (word.size() > 1 && word[0] == '\'' && word[1] != '\'');
}

// WikiText: "@-@", "@,@", "@.@".
bool is_inner_mark(std::string_view word) {
  return word.size() == 3 && word.front() == '@' && word.back() == '@';
}

}  // namespace

WordScanner::Space WordScanner::space_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte > 0x20 && byte < 0x80) return {};
  if (byte <= 0x20) return {is_space(byte) ? 1U : 0U, byte == '\n'};
  // A byte that goes on with a code point decodes as invalid.
  const utf8::Decoded decoded = utf8::decode(text.substr(at));
  return {is_space(decoded.code_point) ? static_cast<std::size_t>(decoded.bytes) : 0, false};
}

std::size_t WordScanner::first_word(std::string_view chunk) const {
  if (splitting_ == Splitting::spaces) return chunk.size();
  utf8::Decoded now = utf8::decode(chunk);
  const std::int32_t first = now.code_point;
  const bool starts_with_mark = is_mark(first);
  std::size_t at = static_cast<std::size_t>(now.bytes);
  std::int32_t before = first;
  while (at < chunk.size()) {
    now = utf8::decode(chunk.substr(at));
    const std::size_t behind = at + static_cast<std::size_t>(now.bytes);
    if (starts_with_mark) {
      if (now.code_point != first) break;
    } else if (is_mark(now.code_point)) {
      if (behind == chunk.size()) break;
      if (!joins(before, now.code_point, utf8::decode(chunk.substr(behind)).code_point)) break;
    }
    before = now.code_point;
    at = behind;
  }
  return at;
}

void WordScanner::keep(std::string_view part) {
  kept_ += part;
  if (kept_.size() > longest_word) {
    throw_input(
        "a word that starts with \"{}\" is longer than {} bytes: is this a text of words? --level "
        "char takes any text",
        kept_.substr(0, utf8::valid_prefix(std::string_view(kept_).substr(0, 40))), longest_word);
  }
}

std::string Detokenizer::add(std::string_view word) {
  if (word == end_of_line_word) {
    *this = Detokenizer();
    return "\n";
  }
  const bool starts_with_digit = !word.empty() && is_digit(word.front());
  const bool quotes = word == "\"";
  const bool inner = is_inner_mark(word);
  const bool glued = glued_ || closes(word) || is_second_half(word) || inner ||
                     (quotes && quote_open_) || (colon_last_ && starts_with_digit);
  if (quotes) quote_open_ = !quote_open_;
  glued_ = is_one_of(word, opening) || inner || (quotes && quote_open_);
  colon_last_ = word == ":" && digits_last_;
  digits_last_ = !word.empty() && is_digit(word.back());

  const std::string_view shown = inner                            ? word.substr(1, 1)
                                 : (word == "``" || word == "''") ? std::string_view("\"")
                                                                  : word;
  return (glued ? "" : " ") + std::string(shown);
}

}  // namespace rondo
