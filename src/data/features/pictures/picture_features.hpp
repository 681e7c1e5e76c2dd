// Pictures as steps of numbers from 0, black, to 1.
//
// What is not opaque lies on white. Gray is (299 red + 587 green + 114 blue) / 1000. The picture is
// scaled (scaling.hpp), each row along itself first, then the columns. A step's pixels stand from
// above, or from the left, of patches row by row; of a colour picture red, green and blue of each.
#pragma once

#include "data/features/file_features.hpp"

namespace rondo {

struct PictureSettings {
  std::int64_t height = 0, width = 0;  // pixels; 0: by the other one, or its own
  std::string steps = "columns";
  std::int64_t patch = 8;  // pixels on a side
  std::string colours = "gray";
};

std::vector<KeyFacts> picture_keys();
FeatureTexts picture_defaults();

// FileKind::make. Where steps would differ in width from picture to picture, all are scaled to the
// first one's height, or width.
std::shared_ptr<const FileFeatures> make_picture_features(const FeatureTexts& given,
                                                          const std::filesystem::path& first);

}  // namespace rondo
