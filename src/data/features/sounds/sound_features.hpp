// Sounds as steps of numbers: a step is a window of samples.
//
//   mel     the logarithm of the power in bands: triangles of height 1, whose corners are equally
//   far
//           apart on the mel scale, 2595 log10(1 + f / 700), from 0 to half of the rate. Below
//           1e-10 of a full sine's unit it is that of 1e-10
//   mfcc    the first coefficients of the orthonormal cosine transform (II) of those logarithms
//   deltas  behind them their slopes by time, over two steps before and two behind, the ends
//           repeated; and slopes of slopes
//
// A step's window begins a number of samples behind the last one's; windows that would reach beyond
// the end are left out, but for the first, which zeros fill up. Rates are not changed: all files
// have the rate of the first.
#pragma once

#include "data/features/file_features.hpp"

namespace rondo {

struct SoundSettings {
  std::string features = "mel";
  std::int64_t bands = 40, coefficients = 13;
  double window = 25, step = 10;  // milliseconds
  std::int64_t deltas = 0;        // how many times
  std::string normalise = "none";
  std::int64_t rate = 0;  // samples a second; 0: the first file's
};

std::vector<KeyFacts> sound_keys();
FeatureTexts sound_defaults();

// FileKind::make.
std::shared_ptr<const FileFeatures> make_sound_features(const FeatureTexts& given,
                                                        const std::filesystem::path& first);

}  // namespace rondo
