// A sound file's samples, decoded by libsndfile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace rondo {

struct Sound {
  std::int64_t rate = 0;        // samples a second
  std::vector<double> samples;  // from -1 to 1: whole numbers of n bits over 2^(n - 1)
};

// A wave or FLAC file of one channel; others are lossy, or what they decode to hangs on the
// machine. InputError names the file, and where another form would do the command that makes it:
// neither wave nor FLAC, damaged, cut off, of several channels, too long, empty, silent, or with
// samples that are no numbers.
Sound read_sound(const std::filesystem::path& file);

}  // namespace rondo
