// Files that a user names for a command to write: nothing of the user's is overwritten.
#pragma once

#include <filesystem>
#include <string>

namespace rondo {

// A kind of file that rondo writes, and may therefore write anew.
struct OwnKind {
  const char* name;  // "a data set of rondo's"
  // Whether an existing regular file is one.
  bool (*is_own)(const std::filesystem::path& path);
};

// InputError unless nothing is at `path`, or a file of this kind. What is there and is none stays:
// a file of anybody else's, a link, wherever it leads, a folder, a device. `option` is how the user
// named it: "--output". To be asked before the work, and again before the file is renamed.
void check_output(const std::filesystem::path& path, const std::string& option,
                  const OwnKind& kind);

// Writes a text to such a place, whole or not at all. InputError as there, and where the place
// cannot be written.
void write_output(const std::filesystem::path& path, const std::string& text,
                  const std::string& option, const OwnKind& kind);

}  // namespace rondo
