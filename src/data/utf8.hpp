// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::utf8 {

inline constexpr std::int32_t code_point_limit = 0x110000;

inline constexpr std::int32_t invalid = -1;    // no code point starts with these bytes
inline constexpr std::int32_t truncated = -2;  // the text ends inside what may become a code point

struct Decoded {
  std::int32_t code_point;  // or invalid, truncated
  int bytes;                // 1 to 4; where invalid or truncated: 0
};

// The code point at the start of `text`, which is not empty.
Decoded decode(std::string_view text);

// Length of the longest prefix that is whole, valid code points.
std::size_t valid_prefix(std::string_view text);

// Code points of valid text.
std::int64_t length(std::string_view text);

// Appends a code point below code_point_limit that is no surrogate.
void append(std::string& text, std::int32_t code_point);

constexpr bool is_scalar_value(std::int32_t code_point) {
  return code_point >= 0 && code_point < code_point_limit &&
         (code_point < 0xD800 || code_point > 0xDFFF);
}

// How a message shows a character: 'x' (U+0078), or U+000A where it has no visible form.
std::string describe(std::int32_t code_point);

}  // namespace rondo::utf8
