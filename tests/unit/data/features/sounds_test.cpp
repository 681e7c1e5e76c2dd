// Sounds as steps of numbers.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "../text_folder.hpp"
#include "data/features/file_features.hpp"
#include "data/features/sounds/mel_bands.hpp"
#include "data/features/sounds/spectrum.hpp"
#include "sound_files.hpp"

namespace rondo {
namespace {

using Numbers = std::vector<double>;
using test::SoundFile;
using test::write_sound;

// A sine with a little of another.
Numbers tone(std::size_t samples, double hertz, int rate = 8000) {
  Numbers wave;
  for (std::size_t i = 0; i < samples; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / rate;
    wave.push_back(0.4 * std::sin(hertz * turn) + 0.01 * std::cos(7 * hertz * turn * turn));
  }
  return wave;
}

class Sounds : public testing::Test {
 protected:
  std::filesystem::path write(const SoundFile& file, const std::string& name = "s.wav") {
    write_sound(folder_ / name, file);
    return folder_ / name;
  }
  std::shared_ptr<const FileFeatures> features(const std::filesystem::path& file,
                                               const FeatureTexts& settings = {}) {
    return find_file_kind("audio")->make(settings, file);
  }
  Numbers read(const std::filesystem::path& file, const FeatureTexts& settings = {}) {
    const auto made = features(file, settings);
    width_ = static_cast<std::size_t>(made->width());
    Numbers numbers;
    made->read(file, numbers);
    return numbers;
  }
  std::string refusal(const std::filesystem::path& file, const FeatureTexts& settings = {}) {
    return folder_.refusal([&] { read(file, settings); });
  }
  std::string refusal_of_bytes(std::string_view bytes) {
    return refusal(folder_.write("b.wav", bytes));
  }
  std::string bytes(const std::filesystem::path& file) {
    std::ostringstream all;
    all << std::ifstream(file, std::ios::binary).rdbuf();
    return all.str();
  }

  test::TextFolder folder_;
  std::size_t width_ = 0;
};

TEST(Spectrum, is_the_plain_sum_over_samples) {
  for (const std::size_t window : {2U, 5U, 8U, 25U}) {
    Spectrum spectrum(window);
    Numbers samples = tone(window + 3, 700);
    Numbers power(spectrum.bins());
    spectrum.power(samples, power);
    for (std::size_t k = 0; k < power.size(); ++k) {
      double real = 0, imaginary = 0;
      for (std::size_t i = 0; i < window; ++i) {
        const double turn = 2 * std::numbers::pi * static_cast<double>(i);
        const double value =
            samples[i] * (0.5 - 0.5 * std::cos(turn / static_cast<double>(window)));
        const double phase = turn * static_cast<double>(k) / static_cast<double>(spectrum.points());
        real += value * std::cos(phase);
        imaginary -= value * std::sin(phase);
      }
      EXPECT_NEAR(power[k], real * real + imaginary * imaginary, 1e-13) << window << ", " << k;
    }
  }
}

TEST(MelBands, overlap_by_halves_and_sum_to_one_between_the_outer_centres) {
  constexpr std::size_t bins = 2001;
  const MelBands bands(20, bins, 8000);
  // What one frequency gives all bands together.
  Numbers power(bins), logarithms(20);
  for (const std::size_t bin : {300U, 1000U, 1500U}) {
    std::ranges::fill(power, 0);
    power[bin] = 3;
    bands.logarithms(power, logarithms);
    double sum = 0;
    for (const double logarithm : logarithms) sum += std::exp(logarithm);
    EXPECT_NEAR(sum, 3, 1e-8) << bin;
  }
  EXPECT_FALSE(bands.any_empty());
  EXPECT_TRUE(MelBands(400, 33, 8000).any_empty());
}

TEST(CosineTransform, is_orthonormal) {
  const CosineTransform transform(5, 5);
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = 0; b < 5; ++b) {
      Numbers one(5), other(5), from(5), to(5);
      one[a] = 1;
      other[b] = 1;
      transform.apply(one, from);
      transform.apply(other, to);
      double product = 0;
      for (std::size_t i = 0; i < 5; ++i) product += from[i] * to[i];
      EXPECT_NEAR(product, a == b ? 1 : 0, 1e-14);
    }
  }
}

TEST_F(Sounds, are_steps_of_bands_and_the_loudest_is_where_the_tone_is) {
  const auto low = write({.samples = tone(1000, 300)});
  const Numbers numbers = read(low);
  EXPECT_EQ(width_, 40U);
  EXPECT_EQ(numbers.size(), 40U * (1 + (1000 - 200) / 80));
  const auto loudest = [&](const Numbers& all) {
    return std::max_element(all.begin(), all.begin() + 40) - all.begin();
  };
  EXPECT_GT(loudest(read(write({.samples = tone(1000, 2500)}))), loudest(numbers) + 15);
  // Shorter than a window: one step.
  EXPECT_EQ(read(write({.samples = tone(50, 300)})).size(), 40U);
}

TEST_F(Sounds, are_the_same_in_all_forms_that_keep_their_samples) {
  Numbers samples;  // of 8 bits
  for (int i = 0; i < 900; ++i) samples.push_back((i * i % 255 - 127) / 128.0);
  const Numbers expected = read(write({.samples = samples}));
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                           SF_FORMAT_WAV | SF_FORMAT_PCM_32, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                           SF_FORMAT_WAV | SF_FORMAT_DOUBLE, SF_FORMAT_WAVEX | SF_FORMAT_PCM_16,
                           SF_FORMAT_RF64 | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                           SF_FORMAT_FLAC | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_S8}) {
    EXPECT_EQ(read(write({.format = format, .samples = samples})), expected) << std::hex << format;
  }
  const Numbers near = read(write({.format = SF_FORMAT_WAV | SF_FORMAT_ULAW, .samples = samples}));
  EXPECT_EQ(near.size(), expected.size());
}

TEST_F(Sounds, have_coefficients_slopes_and_are_normalised_by_recording) {
  const auto file = write({.samples = tone(2000, 440)});
  const Numbers mel = read(file);
  const FeatureTexts few{{"sound-features", "mfcc"}, {"sound-coefficients", "3"}};
  const Numbers coefficients = read(file, few);
  ASSERT_EQ(width_, 3U);
  const CosineTransform transform(40, 3);
  Numbers expected(3);
  transform.apply(std::span(mel).first(40), expected);
  EXPECT_EQ(Numbers(coefficients.begin(), coefficients.begin() + 3), expected);

  FeatureTexts more = few;
  more["sound-deltas"] = "2";
  const Numbers slopes = read(file, more);
  ASSERT_EQ(width_, 9U);
  const std::size_t steps = slopes.size() / 9;
  ASSERT_EQ(steps, coefficients.size() / 3);
  const auto at = [&](std::ptrdiff_t step, std::size_t i) {
    const auto within = std::clamp<std::ptrdiff_t>(step, 0, static_cast<std::ptrdiff_t>(steps) - 1);
    return slopes[static_cast<std::size_t>(within) * 9 + i];
  };
  for (std::size_t step = 0; step < steps; ++step) {
    const auto s = static_cast<std::ptrdiff_t>(step);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(at(s, i + 3),
                  (2 * at(s + 2, i) + at(s + 1, i) - at(s - 1, i) - 2 * at(s - 2, i)) / 10, 1e-12);
    }
  }

  more["sound-normalise"] = "recording";
  const Numbers even = read(file, more);
  for (std::size_t i = 0; i < 9; ++i) {
    double sum = 0, squares = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      sum += even[step * 9 + i];
      squares += even[step * 9 + i] * even[step * 9 + i];
    }
    EXPECT_NEAR(sum / static_cast<double>(steps), 0, 1e-12);
    EXPECT_NEAR(squares / static_cast<double>(steps), 1, 1e-12);
  }
  // One step has no deviation.
  const Numbers one = read(write({.samples = tone(100, 440)}), {{"sound-normalise", "recording"}});
  EXPECT_EQ(one, Numbers(40, 0));
}

TEST_F(Sounds, have_the_rate_of_the_first_and_are_read_by_kept_settings) {
  const auto first = write({.rate = 16000, .samples = tone(4000, 440, 16000)});
  const auto made = features(first, {{"sound-window-ms", "12.5"}});
  const auto again = load_features("audio", made->settings());
  EXPECT_EQ(again->settings(), made->settings());
  EXPECT_EQ(again->settings().at("sound-rate"), "16000");
  Numbers a, b;
  made->read(first, a);
  again->read(first, b);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.size(), 40U * (1 + (4000 - 200) / 160));
  const auto other = write({.samples = tone(800, 440)}, "o.wav");
  const std::string said = folder_.refusal([&] { made->read(other, a); });
  EXPECT_TRUE(said.starts_with(
      "o.wav has 8000 samples a second, and 16000 are read: resample it, with: sox "))
      << said;
  EXPECT_TRUE(said.ends_with("o.wav -r 16000 o.new.wav")) << said;
}

TEST_F(Sounds, that_cannot_be_read_are_named) {
  EXPECT_EQ(refusal(folder_ / "none.wav"), "the sound file none.wav does not exist");
  EXPECT_EQ(refusal_of_bytes(""), "b.wav is empty, but is to be a sound file");
  EXPECT_TRUE(refusal_of_bytes("just words\n")
                  .starts_with("b.wav is no sound file that can be read, wave or FLAC: "));
  EXPECT_TRUE(refusal_of_bytes("RIFF").starts_with("b.wav is no sound file"));
  std::filesystem::create_directory(folder_ / "d.wav");
  EXPECT_EQ(refusal(folder_ / "d.wav"), "d.wav is no file, but is to be a sound file");

  const std::string whole = bytes(write({.samples = tone(1000, 440)}));
  EXPECT_EQ(refusal_of_bytes(whole), "");
  EXPECT_EQ(refusal_of_bytes(whole.substr(0, whole.size() - 500)),
            "b.wav is cut off: it tells of 2000 bytes of sound and has 1500");
  const std::string flac =
      bytes(write({.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, .samples = tone(9000, 440)}));
  EXPECT_EQ(refusal_of_bytes(flac), "");
  EXPECT_TRUE(
      refusal_of_bytes(flac.substr(0, flac.size() / 2)).find("b.wav is damaged or cut off") == 0)
      << refusal_of_bytes(flac.substr(0, flac.size() / 2));

  EXPECT_TRUE(refusal(write({.channels = 2, .samples = tone(1000, 440)}))
                  .starts_with("s.wav has 2 channels, and one is read: mix them, with: sox "));
  EXPECT_EQ(refusal(write({.samples = Numbers(1000)})),
            "s.wav is silent: all its samples are 0: leave it out");
  EXPECT_EQ(refusal(write({})), "s.wav holds no sound: it has no samples");
  Numbers wild = tone(100, 440);
  wild[50] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(write({.format = SF_FORMAT_WAV | SF_FORMAT_DOUBLE, .samples = wild})),
            "s.wav is damaged: it has samples that are no numbers, or are too large");
  EXPECT_TRUE(
      refusal(write({.format = SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, .samples = tone(4000, 440)}))
          .starts_with("s.wav is neither a plain wave file nor FLAC: convert it, with: sox "));
  EXPECT_TRUE(
      refusal(write({.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS, .samples = tone(4000, 440)}))
          .starts_with("s.wav is neither a plain wave file nor FLAC: convert it, with: sox "));

  const auto good = write({.samples = tone(1000, 440)});
  EXPECT_EQ(refusal(good, {{"sound-bands", "400"}}),
            "--sound-bands 400 are more than a window of 25 ms tells apart at 8000 samples a "
            "second: take fewer, or a longer --sound-window-ms");
  EXPECT_EQ(refusal(good, {{"sound-features", "mfcc"}, {"sound-coefficients", "41"}}),
            "--sound-coefficients 41 is more than --sound-bands 40");
  EXPECT_EQ(refusal(good, {{"sound-step-ms", "0"}}),
            "--sound-step-ms takes a number above 0 and to 10000, not \"0\"");
  EXPECT_EQ(refusal(good, {{"sound-features", "plp"}}),
            "--sound-features takes mel or mfcc, not \"plp\"");
  EXPECT_EQ(folder_.refusal([&] { load_features("audio", {}); }), "the rate of sounds is not told");
}

}  // namespace
}  // namespace rondo
