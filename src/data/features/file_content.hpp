// The bytes of a file that a cell names.
#pragma once

#include <filesystem>
#include <string>

namespace rondo {

// InputError, which calls the file a `thing`, for one that is missing, no file, empty, not to be
// read, or longer than a gigabyte.
std::string file_content(const std::filesystem::path& file, const char* thing);

}  // namespace rondo
