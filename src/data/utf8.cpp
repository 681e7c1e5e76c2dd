#include "data/utf8.hpp"

#include <fmt/format.h>

#include <cstring>

namespace rondo::utf8 {
namespace {

// Bytes of the code point that starts with `lead`; 0 where none does.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;  // continuation bytes, and overlong forms of ASCII
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

// The second byte's range is narrower behind four leads: no overlong forms, no surrogates, nothing
// above U+10FFFF.
bool second_fits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

// Bytes of pure ASCII at the start of `text`, counted in eights.
std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size()) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & 0x8080808080808080U) != 0) break;
    at += 8;
  }
  return at;
}

}  // namespace

Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const int bytes = sequence_length(lead);
  if (bytes == 0) return {invalid, 0};
  if (bytes == 1) return {lead, 1};
  std::int32_t code_point = lead & (0x7F >> bytes);
  for (int i = 1; i < bytes; ++i) {
    if (static_cast<std::size_t>(i) == text.size()) return {truncated, 0};
    const auto byte = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
    if (i == 1 ? !second_fits(lead, byte) : (byte & 0xC0) != 0x80) return {invalid, 0};
    code_point = code_point << 6 | (byte & 0x3F);
  }
  return {code_point, bytes};
}

std::size_t valid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    at += ascii_prefix(text.substr(at));
    // The ASCII search starts again behind the next ASCII byte.
    while (at < text.size()) {
      const Decoded decoded = decode(text.substr(at));
      if (decoded.bytes == 0) return at;
      at += static_cast<std::size_t>(decoded.bytes);
      if (decoded.bytes == 1) break;
    }
  }
  return at;
}

std::int64_t length(std::string_view text) {
  std::int64_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

void append(std::string& text, std::int32_t code_point) {
  const auto point = static_cast<std::uint32_t>(code_point);
  const auto tail = [&](int shift) {
    text.push_back(static_cast<char>(0x80 | (point >> shift & 0x3F)));
  };
  if (point < 0x80) {
    text.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    text.push_back(static_cast<char>(0xC0 | point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    text.push_back(static_cast<char>(0xE0 | point >> 12));
    tail(6);
    tail(0);
  } else {
    text.push_back(static_cast<char>(0xF0 | point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string describe(std::int32_t code_point) {
  const bool visible =
      code_point > 0x20 && code_point != 0x7F && !(code_point >= 0x80 && code_point <= 0xA0);
  std::string text;
  if (visible) {
    text += '\'';
    append(text, code_point);
    text += "' (";
  }
  text += fmt::format("U+{:04X}", code_point);
  if (visible) text += ')';
  return text;
}

}  // namespace rondo::utf8
