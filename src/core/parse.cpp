#include "rondo/core/parse.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

template <class T>
bool parse_whole(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

std::string describe(const NumberRange& range) {
  const bool bounded_below = std::isfinite(range.low);
  const bool bounded_above = std::isfinite(range.high);
  std::string text = "a number";
  if (bounded_below) text += fmt::format(" {} {}", range.low_open ? "above" : "from", range.low);
  if (bounded_below && bounded_above && range.low_open) text += " and";
  if (bounded_above) text += fmt::format(" {} {}", range.high_open ? "below" : "to", range.high);
  return text;
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 100;
  std::string shown = "\"";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += c;
    }
  }
  return shown + (text.size() > longest ? "...\"" : "\"");
}

std::int64_t parse_integer(const std::string& what, const std::string& text, std::int64_t low,
                           std::int64_t high) {
  std::int64_t value = 0;
  if (!parse_whole(text, value) || value < low || value > high) {
    throw_input("{} takes a whole number from {} to {}, not {}", what, low, high, quoted(text));
  }
  return value;
}

std::uint64_t parse_seed(const std::string& what, const std::string& text) {
  std::uint64_t value = 0;
  if (!parse_whole(text, value)) {
    throw_input("{} takes a whole number from 0 to {}, not {}", what,
                std::numeric_limits<std::uint64_t>::max(), quoted(text));
  }
  return value;
}

double parse_number(const std::string& what, const std::string& text, const NumberRange& range) {
  double value = 0;
  const bool good = parse_whole(text, value) && std::isfinite(value) && value >= range.low &&
                    value <= range.high && !(range.low_open && value == range.low) &&
                    !(range.high_open && value == range.high);
  if (!good) throw_input("{} takes {}, not {}", what, describe(range), quoted(text));
  return value + 0.0;  // "-0" is 0
}

bool parse_flag(const std::string& what, const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  throw_input("{} is on or off: true or false, not {}", what, quoted(text));
}

std::string_view next_word(std::string_view& rest) {
  constexpr std::string_view blanks = " \t";
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(blanks));
  rest.remove_prefix(word.size());
  return word;
}

}  // namespace rondo
