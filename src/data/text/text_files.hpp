// Which files `rondo prepare` reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rondo {

// A file as it was when it was listed; who reads it later checks that it is the same.
struct TextFile {
  std::filesystem::path path;
  std::int64_t size = 0;      // bytes
  std::int64_t modified = 0;  // nanoseconds of the file system's clock
  std::string name = {};      // in messages, in place of the path

  std::string shown() const { return name.empty() ? path.string() : name; }
  std::filesystem::path in_commands() const { return name.empty() ? path : "FILE"; }
};

// Whether a file or folder is passed over below an input: names that start with a dot, and what
// Windows and macOS leave in folders that they have shown.
bool is_left_out(const std::filesystem::path& path);

// The files that `inputs` stand for, in the order of `inputs`; a folder stands for all files below
// it, in bytewise order of their paths, without those that are left out, which are added to
// `left_out`; links are followed. InputError names what is missing, no file or folder, a folder
// without files, and a link to nothing or back to a folder that it lies in.
std::vector<TextFile> list_text_files(const std::vector<std::filesystem::path>& inputs,
                                      std::vector<std::filesystem::path>* left_out = nullptr);

}  // namespace rondo
