// Small sound files, written by the library that reads them.
#pragma once

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace rondo::test {

struct SoundFile {
  int rate = 8000, channels = 1;
  int format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  std::vector<double> samples = {};  // from -1 to 1; of several channels in turns
};

inline void write_sound(const std::filesystem::path& path, const SoundFile& file) {
  SF_INFO info{};
  info.samplerate = file.rate;
  info.channels = file.channels;
  info.format = file.format;
  SNDFILE* const sound = sf_open(path.c_str(), SFM_WRITE, &info);
  if (sound == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  const auto count = static_cast<sf_count_t>(file.samples.size()) / file.channels;
  const int encoding = info.format & SF_FORMAT_SUBMASK;
  const bool is_real = encoding == SF_FORMAT_FLOAT || encoding == SF_FORMAT_DOUBLE;
  constexpr double two_to_31 = 2147483648.0;
  // Its own way from numbers to bits is not exact: 1 becomes 32767.
  std::vector<int> whole_numbers;
  for (const double sample : is_real ? std::vector<double>() : file.samples) {
    whole_numbers.push_back(
        static_cast<int>(std::clamp(std::rint(sample * two_to_31), -two_to_31, two_to_31 - 1)));
  }
  const bool whole = (is_real ? sf_writef_double(sound, file.samples.data(), count)
                              : sf_writef_int(sound, whole_numbers.data(), count)) == count;
  sf_close(sound);
  if (!whole) throw std::runtime_error("a sound file was not written");
}

}  // namespace rondo::test
