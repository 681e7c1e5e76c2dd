// Numbers as users write them. The whole text must be the number: no spaces, no suffix, no sign
// "+", no hexadecimal, no nan or inf, whatever the locale. Each throws InputError, one sentence
// that begins with `what` (an option's name) and says which values are allowed:
//   --window takes a whole number from 1 to 1000000, not "zero"
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace rondo {

// A user's or a file's text as a message quotes it: on one line, control characters as "\xNN", and
// not more than the beginning of a long one.
std::string quoted(std::string_view text);

// The next part of a line between blanks and tabs, which `rest` loses; empty at its end.
std::string_view next_word(std::string_view& rest);

// Numbers from `low` to `high`; an open end is not itself allowed.
struct NumberRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
};

std::int64_t parse_integer(const std::string& what, const std::string& text, std::int64_t low,
                           std::int64_t high);
// Any 64-bit seed, 0 to 2^64 - 1.
std::uint64_t parse_seed(const std::string& what, const std::string& text);
double parse_number(const std::string& what, const std::string& text, const NumberRange& range);
// "true" or "false".
bool parse_flag(const std::string& what, const std::string& text);

}  // namespace rondo
