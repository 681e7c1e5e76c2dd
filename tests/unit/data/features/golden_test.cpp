// What files become, to the last bit, on every machine, by every compiler.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <vector>

#include "../text_folder.hpp"
#include "data/features/file_features.hpp"
#include "picture_files.hpp"
#include "sound_files.hpp"

namespace rondo {
namespace {

// FNV-1a of the numbers' bits.
std::uint64_t hash_of(const char* kind, const std::filesystem::path& file,
                      const FeatureTexts& settings) {
  std::vector<double> numbers;
  find_file_kind(kind)->make(settings, file)->read(file, numbers);
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const double number : numbers) {
    for (int shift = 0; shift < 64; shift += 8) {
      hash = (hash ^ (std::bit_cast<std::uint64_t>(number) >> shift & 0xFFU)) * 0x100000001B3U;
    }
  }
  return hash;
}

TEST(Features, of_pictures_have_these_bits) {
  const test::TextFolder folder;
  std::vector<std::uint8_t> values;
  for (unsigned i = 0; i < 23U * 37U * 4U; ++i) {
    values.push_back(static_cast<std::uint8_t>(i * i * 7U >> 4U));
  }
  const auto file = folder.write("p.png", test::png({.height = 23,
                                                     .width = 37,
                                                     .colours = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA,
                                                     .values = values}));
  EXPECT_EQ(hash_of("image", file, {{"picture-height", "11"}}), 0xCD52B7F26AD820A9U);
  EXPECT_EQ(hash_of("image", file, {{"picture-height", "41"}, {"picture-colours", "rgb"}}),
            0x4E097EB3B328E66FU);
}

TEST(Features, of_sounds_have_these_bits) {
  const test::TextFolder folder;
  test::SoundFile sound;
  for (unsigned i = 0; i < 3000; ++i) {
    sound.samples.push_back((static_cast<int>(i * i * 13U % 65536U) - 32768) / 65536.0);
  }
  test::write_sound(folder / "s.wav", sound);
  EXPECT_EQ(hash_of("audio", folder / "s.wav", {}), 0x2995B5BDD06510D7U);
  EXPECT_EQ(
      hash_of(
          "audio", folder / "s.wav",
          {{"sound-features", "mfcc"}, {"sound-deltas", "2"}, {"sound-normalise", "recording"}}),
      0xB424FF031A3F681DU);
}

}  // namespace
}  // namespace rondo
