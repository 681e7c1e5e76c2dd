// The texts of the digest runs, made up so that they are the same anywhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "rondo/core/random.hpp"
#include "rondo/data/prepare_text.hpp"

namespace rondo::test {

// A made-up text of `documents` documents: words drawn by Philox, so that it is the same anywhere.
inline std::string made_up_text(int documents, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  std::string text;
  std::uint64_t i = 0;
  for (int d = 0; d < documents; ++d) {
    for (std::uint64_t words = 6 + random.below(40, i++); words > 0; --words) {
      for (std::uint64_t letters = 1 + random.below(6, i++); letters > 0; --letters) {
        text += static_cast<char>('a' + random.below(1 + random.below(26, i), i + 1));
        i += 2;
      }
      text += random.below(9, i++) == 0 ? ".\n" : " ";
    }
    text += "\n\f";
  }
  return text;
}

// The data set of the digest runs, made in `folder` if it is not there. One process calls it.
inline std::filesystem::path digest_data(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "digest.h5";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "digest.txt") << made_up_text(24, 11);
  PrepareOptions options;
  options.inputs = {folder / "digest.txt"};
  options.output = file;
  options.validation = 0.1;
  options.test = 0.1;
  prepare_text(options);
  return file;
}

// As above, for the wide run: lines of 4,200 characters, each of them once, then any of them.
inline std::filesystem::path wide_data(const std::filesystem::path& folder) {
  constexpr std::int32_t characters = 4200;
  constexpr char32_t first = 0x4E00;  // ideographs: three bytes each
  const RandomStream random(12, Purpose::test);
  std::string text;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    const std::uint64_t drawn = i < characters ? i : random.below(characters, i);
    const char32_t point = first + static_cast<char32_t>(drawn);
    text += static_cast<char>(0xE0 | point >> 12);
    text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
    if (i % 997 == 996) text += i % 11 == 0 ? "\n\f" : "\n";
  }
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "wide.txt") << text;
  PrepareOptions options;
  options.inputs = {folder / "wide.txt"};
  options.output = folder / "wide.h5";
  options.validation = 0.1;
  options.test = 0.1;
  prepare_text(options);
  return options.output;
}

}  // namespace rondo::test
