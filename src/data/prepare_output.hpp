// What `rondo prepare` asks of its output before gigabytes are read in vain.
#pragma once

#include <filesystem>
#include <vector>

#include "data/text/text_files.hpp"

namespace rondo {

// InputError for an output that is not named, one of the inputs, cannot be written, or is there and
// no data set of rondo's.
void check_output_place(const std::filesystem::path& output, const std::vector<TextFile>& files);

// The last of these again, before the data set takes its name.
void check_output_kind(const std::filesystem::path& output);

}  // namespace rondo
