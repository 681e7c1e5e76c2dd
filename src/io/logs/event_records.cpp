#include "io/logs/event_records.hpp"

#include <boost/crc.hpp>
#include <cstdint>
#include <cstring>

namespace rondo {
namespace {

// Castagnoli's polynomial.
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

std::uint32_t checksum(std::string_view bytes) {
  Crc32c crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const auto sum = static_cast<std::uint32_t>(crc.checksum());
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

template <class Number>
void append(std::string& to, Number number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t place) {
  Number number;
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

constexpr std::size_t before = sizeof(std::uint64_t) + sizeof(std::uint32_t);
constexpr std::size_t behind = sizeof(std::uint32_t);

}  // namespace

std::string event_record(std::string_view bytes) {
  std::string record;
  append(record, std::uint64_t{bytes.size()});
  append(record, checksum(record));
  record += bytes;
  append(record, checksum(bytes));
  return record;
}

std::optional<std::string_view> take_event_record(std::string_view& file) {
  if (file.size() < before + behind) return std::nullopt;
  const auto length = number_at<std::uint64_t>(file, 0);
  if (number_at<std::uint32_t>(file, sizeof length) != checksum(file.substr(0, sizeof length)) ||
      length > file.size() - before - behind) {
    return std::nullopt;
  }
  const std::string_view bytes = file.substr(before, length);
  if (number_at<std::uint32_t>(file, before + length) != checksum(bytes)) return std::nullopt;
  file.remove_prefix(before + length + behind);
  return bytes;
}

}  // namespace rondo
