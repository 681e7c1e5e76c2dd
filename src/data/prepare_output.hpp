// What `rondo prepare` asks of its output before gigabytes are read in vain.
#pragma once

#include <filesystem>
#include <vector>

#include "data/text_files.hpp"

namespace rondo {

// InputError for an output that is not named, is a folder, one of the inputs, or cannot be written.
void check_output(const std::filesystem::path& output, const std::vector<TextFile>& files);

}  // namespace rondo
