#include "tasks/figures/text_scores.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "data/text/utf8.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo::tasks {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Where a space of Python's str.split() stands: its bytes; 0: none does.
std::size_t space_at(std::string_view text, std::size_t at) {
  const utf8::Decoded decoded = utf8::decode(text.substr(at));
  const std::int32_t c = decoded.code_point;
  const bool is_space = (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 ||
                        c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
                        c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
  return is_space ? static_cast<std::size_t>(decoded.bytes) : 0;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = space_at(text, at);
    if (space == 0) word += text[at];
    if (space > 0 && !word.empty()) words.push_back(std::exchange(word, {}));
    at += std::max<std::size_t>(space, 1);
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The marks of the first rule, each of which stands alone: ASCII's, but for ' , - and .
bool stands_alone(char c) {
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') ||
         (c >= '(' && c <= '+') || (c >= ':' && c <= '@') || c == '/';
}
bool is_point(char c) { return c == '.' || c == ','; }

// Puts spaces around two neighbouring characters where they are such a pair, from left to right,
// none of two pairs.
template <class First, class Second>
std::string space_pairs(std::string_view text, const First& first, const Second& second,
                        bool before, bool behind) {
  std::string spaced;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_pair = at + 1 < text.size() && first(text[at]) && second(text[at + 1]);
    if (!is_pair) {
      spaced += text[at];
      continue;
    }
    if (before) spaced += ' ';
    spaced += text[at];
    spaced += ' ';
    spaced += text[++at];
    if (behind) spaced += ' ';
  }
  return spaced;
}

template <class Symbol, std::size_t longest>
void count_grams(const std::vector<Symbol>& given, const std::vector<Symbol>& said,
                 std::array<std::int64_t, longest>& right) {
  std::map<std::vector<Symbol>, std::pair<std::int64_t, std::int64_t>> counts;
  for (std::size_t n = 1; n <= longest; ++n) {
    counts.clear();
    const auto count = [&](const std::vector<Symbol>& symbols, const auto& use) {
      for (std::size_t i = 0; i + n <= symbols.size(); ++i) {
        const auto begin = symbols.begin() + static_cast<std::ptrdiff_t>(i);
        use(counts[{begin, begin + static_cast<std::ptrdiff_t>(n)}]);
      }
    };
    count(given, [](auto& both) { ++both.first; });
    count(said, [](auto& both) { ++both.second; });
    for (const auto& [gram, both] : counts) right[n - 1] += std::min(both.first, both.second);
  }
}

template <std::size_t longest>
void add_each(std::array<std::int64_t, longest>& to,
              const std::array<std::int64_t, longest>& from) {
  for (std::size_t n = 0; n < longest; ++n) to[n] += from[n];
}

std::int64_t grams(std::size_t symbols, std::size_t n) {
  return symbols < n ? 0 : static_cast<std::int64_t>(symbols - n + 1);
}

std::vector<std::int32_t> characters_of(std::string_view text) {
  std::vector<std::int32_t> characters;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded decoded = utf8::decode(text.substr(at));
    if (space_at(text, at) == 0) characters.push_back(decoded.code_point);
    at += static_cast<std::size_t>(std::max(decoded.bytes, 1));
  }
  return characters;
}

}  // namespace

std::vector<std::string> words_13a(std::string_view line) {
  std::string text(line);
  replace_all(text, "<skipped>", "");
  replace_all(text, "-\n", "");
  replace_all(text, "\n", " ");
  for (const auto& [from, to] : {std::pair{"&quot;", "\""}, std::pair{"&amp;", "&"},
                                 std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}}) {
    replace_all(text, from, to);
  }
  std::string spaced;
  for (const char c : " " + text + " ") {
    spaced += stands_alone(c) ? std::string{' ', c, ' '} : std::string{c};
  }
  const auto no_digit = [](char c) { return !is_digit(c); };
  spaced = space_pairs(spaced, no_digit, is_point, false, true);
  spaced = space_pairs(spaced, is_point, no_digit, true, false);
  spaced = space_pairs(
      spaced, is_digit, [](char c) { return c == '-'; }, false, true);
  return split(spaced);
}

void BleuCounts::add(std::string_view given, std::string_view said) {
  const std::vector<std::string> given_words = words_13a(given), said_words = words_13a(said);
  count_grams(given_words, said_words, right_);
  for (std::size_t n = 1; n <= longest; ++n) said_[n - 1] += grams(said_words.size(), n);
  given_words_ += static_cast<std::int64_t>(given_words.size());
  said_words_ += static_cast<std::int64_t>(said_words.size());
}

BleuCounts& BleuCounts::operator+=(const BleuCounts& other) {
  add_each(right_, other.right_);
  add_each(said_, other.said_);
  given_words_ += other.given_words_;
  said_words_ += other.said_words_;
  return *this;
}

double BleuCounts::score() const {
  if (std::ranges::max(right_) == 0) return 0;
  double logs = 0, halving = 1;
  for (std::size_t n = 0; n < longest; ++n) {
    if (said_[n] == 0) return 0;
    const auto said = static_cast<double>(said_[n]);
    if (right_[n] == 0) halving *= 2;
    const double share =
        right_[n] == 0 ? 1 / (halving * said) : static_cast<double>(right_[n]) / said;
    logs += exact::log(share);
  }
  const double brevity = said_words_ >= given_words_ ? 0
                                                     : 1 - static_cast<double>(given_words_) /
                                                               static_cast<double>(said_words_);
  return 100 * exact::exp(brevity + logs / static_cast<double>(longest));
}

void ChrfCounts::add(std::string_view given, std::string_view said) {
  const std::vector<std::int32_t> given_characters = characters_of(given);
  const std::vector<std::int32_t> said_characters = characters_of(said);
  count_grams(given_characters, said_characters, right_);
  for (std::size_t n = 1; n <= longest; ++n) {
    const std::int64_t of_given = grams(given_characters.size(), n);
    given_[n - 1] += of_given;
    // What has nothing to be compared with does not count.
    if (of_given > 0) said_[n - 1] += grams(said_characters.size(), n);
  }
}

ChrfCounts& ChrfCounts::operator+=(const ChrfCounts& other) {
  add_each(right_, other.right_);
  add_each(said_, other.said_);
  add_each(given_, other.given_);
  return *this;
}

double ChrfCounts::score() const {
  constexpr double factor = 4;  // beta 2, squared
  double precision = 0, recall = 0, orders = 0;
  for (std::size_t n = 0; n < longest; ++n) {
    if (said_[n] == 0 || given_[n] == 0) continue;
    precision += static_cast<double>(right_[n]) / static_cast<double>(said_[n]);
    recall += static_cast<double>(right_[n]) / static_cast<double>(given_[n]);
    ++orders;
  }
  if (orders == 0 || precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  return 100 * (1 + factor) * precision * recall / (factor * precision + recall);
}

}  // namespace rondo::tasks
