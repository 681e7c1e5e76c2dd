#include "data/tables/importers/npy_array.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::uint64_t longest_header = 1 << 20;
constexpr std::size_t longest_text = std::size_t{1} << 27;  // characters

// What stands behind 'key': in a header, up to its end.
std::string_view behind(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size());
  header.remove_prefix(std::min(header.find_first_not_of(" :"), header.size()));
  return header;
}

template <class T>
double number(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return static_cast<double>(value);
}

}  // namespace

NpyArray::NpyArray(std::unique_ptr<ByteSource> source, std::string shown)
    : source_(std::move(source)), shown_(std::move(shown)) {
  read_header();
  left_ = shape_.items;
}

void NpyArray::read_header() {
  char front[12] = {};
  if (!read(front, 10) || std::string_view(front, 6) != "\x93NUMPY") {
    fail("it is no array of NumPy");
  }
  const auto version = static_cast<unsigned char>(front[6]);
  if (version < 1 || version > 3) fail("its version is none of 1, 2 and 3");
  const bool is_whole = version == 1 || read(front + 10, 2);
  const auto byte = [&](int i) { return std::uint64_t{static_cast<unsigned char>(front[i])}; };
  std::uint64_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (!is_whole || length > longest_header) fail("its header is damaged");
  std::string header(length, '\0');
  if (!read(header.data(), length)) fail("its header is damaged");
  read_type(header);
  read_shape(header);
  const std::uint64_t place = (version == 1 ? 10 : 12) + length;
  const std::uint64_t end = source_->size();
  const std::uint64_t size = bytes_ * static_cast<std::uint64_t>(shape_.size);
  if (end < place || (end - place) / size != static_cast<std::uint64_t>(shape_.items) ||
      (end - place) % size != 0) {
    fail(fmt::format("{} items of {} bytes do not fill it", shape_.items, size));
  }
  buffer_.resize(size);
}

void NpyArray::read_type(const std::string& header) {
  const std::string_view told = behind(header, "'descr'");
  const std::string type(told.substr(0, told.find(',')));
  const char order = type.size() > 3 ? type[1] : 0;
  type_ = type.size() > 3 ? type[2] : 0;
  const char* const end = type.data() + type.size();
  const auto [rest, error] =
      std::from_chars(type.data() + std::min<std::size_t>(3, type.size()), end, bytes_);
  const bool whole = error == std::errc() && rest + 1 == end && *rest == '\'';
  const bool whole_numbers = type_ == 'i' || type_ == 'u';
  const bool known =
      (type_ == 'b' && bytes_ == 1) || (type_ == 'f' && (bytes_ == 4 || bytes_ == 8)) ||
      (whole_numbers && (bytes_ == 1 || bytes_ == 2 || bytes_ == 4 || bytes_ == 8)) ||
      (type_ == 'U' && bytes_ > 0 && bytes_ < longest_text);
  if (!whole || !known || (order != '<' && order != '|')) {
    fail(
        fmt::format("elements of the type {} are not read: save numbers (int or float32, float64) "
                    "or text, in this machine's order",
                    type));
  }
  if (type_ == 'U') bytes_ *= 4;
  if (!behind(header, "'fortran_order'").starts_with("False")) {
    fail("it is in Fortran's order: save numpy.ascontiguousarray of it");
  }
}

void NpyArray::read_shape(const std::string& header) {
  std::string_view told = behind(header, "'shape'");
  std::vector<std::int64_t> shape;
  if (!told.starts_with('(')) fail("its header is damaged");
  told.remove_prefix(1);
  for (;;) {
    told.remove_prefix(std::min(told.find_first_not_of(", "), told.size()));
    if (told.starts_with(')')) break;
    std::int64_t size = 0;
    const auto [rest, error] = std::from_chars(told.data(), told.data() + told.size(), size);
    if (error != std::errc() || size < 0) fail("its header is damaged");
    told.remove_prefix(static_cast<std::size_t>(rest - told.data()));
    shape.push_back(size);
  }
  shape_ = item_shape(shape, is_text(), shown_);
}

const char* NpyArray::next_bytes() {
  if (!read(buffer_.data(), buffer_.size())) fail("it ends too early");
  char more = 0;
  if (--left_ == 0 && read(&more, 1)) fail("it goes on behind its items");
  return buffer_.data();
}

void NpyArray::next(std::vector<double>& numbers) {
  const char* bytes = next_bytes();
  numbers.resize(static_cast<std::size_t>(shape_.size));
  for (double& value : numbers) {
    switch (type_) {
      case 'f':
        value = bytes_ == 4 ? number<float>(bytes) : number<double>(bytes);
        break;
      case 'i':
        value = bytes_ == 1   ? number<std::int8_t>(bytes)
                : bytes_ == 2 ? number<std::int16_t>(bytes)
                : bytes_ == 4 ? number<std::int32_t>(bytes)
                              : number<std::int64_t>(bytes);
        break;
      default:
        value = bytes_ == 1   ? number<std::uint8_t>(bytes)
                : bytes_ == 2 ? number<std::uint16_t>(bytes)
                : bytes_ == 4 ? number<std::uint32_t>(bytes)
                              : number<std::uint64_t>(bytes);
    }
    bytes += bytes_;
  }
}

void NpyArray::next(std::string& text) {
  const char* bytes = next_bytes();
  text.clear();
  for (std::size_t i = 0; i < bytes_; i += 4) {
    std::int32_t code_point = 0;
    std::memcpy(&code_point, bytes + i, 4);
    if (code_point == 0) break;
    if (!utf8::is_scalar_value(code_point)) fail("a text holds what is no character");
    utf8::append(text, code_point);
  }
}

void NpyArray::fail(const std::string& why) const { throw_input("{}: {}", shown_, why); }

}  // namespace rondo
