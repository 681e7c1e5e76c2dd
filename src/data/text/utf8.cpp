#include "data/text/utf8.hpp"

#include <fmt/format.h>

#include <array>
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

// The same grammar as an automaton without branches (P. Vognsen's shift-based DFA): a state is a
// multiple of 6, and bits [state, state + 6) of a byte's word are the state that follows.
enum State : unsigned {
  whole = 0,  // between two code points
  one_more = 6,
  two_more = 12,
  three_more = 18,
  behind_e0 = 24,  // the leads whose second byte has a narrower range
  behind_ed = 30,
  behind_f0 = 36,
  behind_f4 = 42,
  no_text = 48,  // for good
};

State behind_lead(unsigned char lead) {
  switch (lead) {
    case 0xE0:
      return behind_e0;
    case 0xED:
      return behind_ed;
    case 0xF0:
      return behind_f0;
    case 0xF4:
      return behind_f4;
    default:
      break;
  }
  constexpr State by_length[] = {no_text, whole, one_more, two_more, three_more};
  return by_length[sequence_length(lead)];
}

State next_state(State state, unsigned char byte) {
  const bool continues = (byte & 0xC0) == 0x80;
  switch (state) {
    case whole:
      return behind_lead(byte);
    case one_more:
      return continues ? whole : no_text;
    case two_more:
      return continues ? one_more : no_text;
    case three_more:
      return continues ? two_more : no_text;
    case behind_e0:
      return second_fits(0xE0, byte) ? one_more : no_text;
    case behind_ed:
      return second_fits(0xED, byte) ? one_more : no_text;
    case behind_f0:
      return second_fits(0xF0, byte) ? two_more : no_text;
    case behind_f4:
      return second_fits(0xF4, byte) ? two_more : no_text;
    default:
      return no_text;
  }
}

std::array<std::uint64_t, 256> make_automaton() {
  std::array<std::uint64_t, 256> words{};
  for (unsigned byte = 0; byte < words.size(); ++byte) {
    for (unsigned state = whole; state <= no_text; state += 6) {
      const State next = next_state(static_cast<State>(state), static_cast<unsigned char>(byte));
      words[byte] |= std::uint64_t{next} << state;
    }
  }
  return words;
}

constexpr std::size_t block_bytes = 32;

bool is_ascii_block(const char* bytes) {
  std::uint64_t words[block_bytes / 8];
  std::memcpy(words, bytes, block_bytes);
  return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080U) == 0;
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
  static const std::array<std::uint64_t, 256> automaton = make_automaton();
  std::size_t at = 0;
  std::uint64_t state = whole;
  for (; at + block_bytes <= text.size(); at += block_bytes) {
    if (state == whole && is_ascii_block(text.data() + at)) continue;
    std::uint64_t next = state;
    for (std::size_t i = 0; i < block_bytes; ++i) {
      next = automaton[static_cast<unsigned char>(text[at + i])] >> (next & 63);
    }
    if ((next & 63) == no_text) break;
    state = next & 63;
  }
  // Back to the beginning of a code point that a block's end cuts; the rest, or the block with what
  // is no text, one by one.
  if (state != whole) {
    do --at;
    while (is_continuation(text[at]));
  }
  while (at < text.size()) {
    const Decoded decoded = decode(text.substr(at));
    if (decoded.bytes == 0) break;
    at += static_cast<std::size_t>(decoded.bytes);
  }
  return at;
}

std::int64_t length(std::string_view text) {
  std::int64_t count = 0;
  for (const char byte : text) count += !is_continuation(byte);
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
