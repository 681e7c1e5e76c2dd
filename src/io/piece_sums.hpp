// Sums of a verified megabyte's pieces, so that any of its bytes can be read again, and checked
// again, without the rest: files change while they are open (overwritten in place, damaged on the
// disk), and what was verified once says nothing about what the next read gives.
//
// A sum is the first 8 bytes of a piece's sha256: 2 KB of memory for each megabyte that was read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "io/dataset_layout.hpp"
#include "rondo/core/hash.hpp"

namespace rondo {

class PieceSums {
 public:
  static constexpr std::uint64_t piece_bytes = 4096;

  // Of the bytes of `range`, which lies within one megabyte of the file.
  PieceSums(MegabyteRange range, std::span<const std::byte> bytes) : range_(range) {
    for (std::uint64_t at = range.begin; at < range.end; at = piece(at).end) {
      const MegabyteRange part = piece(at);
      sums_[index(at)] = sum(bytes.subspan(part.begin - range.begin, part.end - part.begin));
    }
  }

  // The piece that holds byte `at` of the file.
  MegabyteRange piece(std::uint64_t at) const {
    const std::uint64_t begin = at / piece_bytes * piece_bytes;
    return {std::max(begin, range_.begin), std::min(begin + piece_bytes, range_.end)};
  }
  // Whether these are the bytes that the piece which holds byte `at` had.
  bool same(std::uint64_t at, std::span<const std::byte> bytes) const {
    return sum(bytes) == sums_[index(at)];
  }

 private:
  static std::size_t index(std::uint64_t at) { return at % megabyte / piece_bytes; }
  static std::uint64_t sum(std::span<const std::byte> bytes) {
    const Sha256Bytes hash = sha256(bytes);
    std::uint64_t first;
    std::memcpy(&first, hash.data(), sizeof first);
    return first;
  }

  MegabyteRange range_;
  std::array<std::uint64_t, megabyte / piece_bytes> sums_{};
};

}  // namespace rondo
