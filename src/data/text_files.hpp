// Which files `rondo prepare` reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace rondo {

// A file as it was when it was listed; who reads it later checks that it is the same.
struct TextFile {
  std::filesystem::path path;
  std::int64_t size = 0;      // bytes
  std::int64_t modified = 0;  // nanoseconds of the file system's clock
};

// The files that `inputs` stand for, in the order of `inputs`; a folder stands for all files below
// it, in bytewise order of their paths, without names that start with a dot. InputError names what
// is missing, no file or folder, or a folder without files.
std::vector<TextFile> list_text_files(const std::vector<std::filesystem::path>& inputs);

}  // namespace rondo
