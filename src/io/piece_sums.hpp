// Sums of a verified megabyte's pieces, so that any of its bytes can be read again, and checked
// again, without the rest: files change while they are open (overwritten in place, damaged on the
// disk), and what was verified once says nothing about what the next read gives.
//
// A sum has 8 bytes, so that there are 2 KB of them for each megabyte that was read. It is for
// accidents, and a sha256 would cost documents of a line each a third of a small network's step:
// words of a piece go round four chains of steps that lose nothing, so that a change of one word is
// always seen, and of other accidents all but about one in 2^64.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "io/dataset_layout.hpp"

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

  static std::uint64_t step(std::uint64_t chain, std::uint64_t word) {
    return std::rotl((chain ^ word) * 0x9E3779B97F4A7C15U, 29);  // odd: each step can be undone
  }
  static std::uint64_t sum(std::span<const std::byte> bytes) {
    std::array<std::uint64_t, 4> chains{1, 2, 3, 4};
    const auto add = [&](const std::byte* at) {
      std::array<std::uint64_t, 4> words;
      std::memcpy(words.data(), at, sizeof words);
      for (std::size_t i = 0; i < 4; ++i) chains[i] = step(chains[i], words[i]);
    };
    constexpr std::size_t row = sizeof chains;
    std::size_t at = 0;
    for (; at + row <= bytes.size(); at += row) add(bytes.data() + at);
    std::array<std::byte, row> rest{};  // a piece's length is no secret: zeros are enough
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), rest.begin());
    add(rest.data());
    std::uint64_t joined = 0;
    for (const std::uint64_t chain : chains) joined = step(joined, chain);
    return joined;
  }

  MegabyteRange range_;
  std::array<std::uint64_t, megabyte / piece_bytes> sums_{};
};

}  // namespace rondo
