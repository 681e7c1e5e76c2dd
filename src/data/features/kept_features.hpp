// Numbers of files that are read several times: made once, then kept.
#pragma once

#include <filesystem>
#include <memory>

#include "data/features/file_features.hpp"

namespace rondo {

// Features that give what `features` gives, but rounded to floats, and from the second time on
// without looking at the file: the numbers lie in a temporary file beside `output`, which goes with
// what is returned. Where they are more than half of what is free there, none is kept, and all are
// made anew each time. Not for several threads at once.
std::shared_ptr<const FileFeatures> keep_features(std::shared_ptr<const FileFeatures> features,
                                                  const std::filesystem::path& output);

}  // namespace rondo
