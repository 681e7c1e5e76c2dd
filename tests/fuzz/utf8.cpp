// UTF-8: the two decoders agree on which prefix is text, and text goes to code points and back.
#include "data/text/utf8.hpp"

#include <string>
#include <vector>

#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace utf8 = rondo::utf8;
  using rondo::require;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::int32_t> points;
  std::string again;
  std::size_t at = 0;
  while (at < size) {
    const utf8::Decoded decoded = utf8::decode(bytes.substr(at));
    if (decoded.bytes == 0) {
      require(decoded.code_point == utf8::invalid || decoded.code_point == utf8::truncated);
      // What may still become a code point is at the end, and less than one.
      require(decoded.code_point != utf8::truncated || size - at < 4);
      break;
    }
    require(utf8::is_scalar_value(decoded.code_point));
    require(!utf8::describe(decoded.code_point).empty());
    points.push_back(decoded.code_point);
    utf8::append(again, decoded.code_point);
    at += static_cast<std::size_t>(decoded.bytes);
  }
  const std::string_view text = bytes.substr(0, at);
  require(utf8::valid_prefix(bytes) == at);
  require(again == text);
  require(utf8::length(text) == static_cast<std::int64_t>(points.size()));
  std::size_t i = 0;
  utf8::for_each_byte(text, [&](std::int32_t point, std::int32_t whole) {
    require(point >= 0 && point < utf8::code_point_limit);
    if (whole != 0) require(i < points.size() && points[i++] == point);
  });
  require(i == points.size());
  return 0;
}
