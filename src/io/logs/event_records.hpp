// The records that TensorBoard's files are made of (TFRecord).
//
// A record: the length of its bytes, a little-endian uint64; a checksum of that; the bytes; a
// checksum of them. A checksum is the CRC-32C, turned and moved: ((crc >> 15) | (crc << 17)) +
// 0xa282ead8, a little-endian uint32.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rondo {

std::string event_record(std::string_view bytes);

// Takes the first record off `file` and gives its bytes; nothing, with `file` as it was, where none
// is whole and sound.
std::optional<std::string_view> take_event_record(std::string_view& file);

}  // namespace rondo
