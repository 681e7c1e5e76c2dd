// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

// Whether a byte goes on with a code point that an earlier one began.
constexpr bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// For every byte of valid text calls use(code_point, whole): `whole` is 1 at the last byte of a
// code point, and 0 before it, where `code_point` is any number below code_point_limit. There is no
// branch a byte, only one for eight: which characters follow one another is hard to foresee.
template <class Use>
void for_each_byte(std::string_view text, Use&& use) {
  // The bits of a byte that belong to its code point, by the byte's upper half.
  constexpr std::array<std::uint8_t, 16> payload{0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,
                                                 0x3F, 0x3F, 0x3F, 0x3F, 0x1F, 0x1F, 0x0F, 0x07};
  std::uint32_t value = 0;
  const auto step = [&](std::size_t at, bool whole) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::uint32_t keep = is_continuation(text[at]) ? ~0U : 0U;
    value = (value << 6 & keep) | (byte & payload[byte >> 4]);
    use(static_cast<std::int32_t>(value), std::int32_t{whole});
  };
  std::size_t at = 0;
  for (; at + 8 < text.size(); at += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & 0x8080808080808080U) == 0) {
      for (std::size_t i = 0; i < 8; ++i) use(std::int32_t{text[at + i]}, std::int32_t{1});
    } else {
      for (std::size_t i = 0; i < 8; ++i) step(at + i, !is_continuation(text[at + i + 1]));
    }
  }
  for (; at < text.size(); ++at) {
    step(at, at + 1 == text.size() || !is_continuation(text[at + 1]));
  }
}

// Appends a code point below code_point_limit that is no surrogate.
void append(std::string& text, std::int32_t code_point);

constexpr bool is_scalar_value(std::int32_t code_point) {
  return code_point >= 0 && code_point < code_point_limit &&
         (code_point < 0xD800 || code_point > 0xDFFF);
}

// How a message shows a character: 'x' (U+0078), or U+000A where it has no visible form.
std::string describe(std::int32_t code_point);

}  // namespace rondo::utf8
